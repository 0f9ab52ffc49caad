package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.worker.agent.IssueSnapshot;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of an issue's session for the next run.
 *
 * @param type the format's name and version
 * @param session the program's id of it; empty where it can't be gone on with
 * @param program the command that knows the session
 * @param workspace the directory that it is about
 * @param nonce marks other people's words in its prompts
 * @param beganAt in milliseconds
 * @param seenComments the ids of the comments that the agent was told
 * @param issue as the agent was told it
 * @param usd what the session has cost so far
 * @param toolCalls how many tool calls it has made
 * @param lastWords what the agent said last
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record SessionRecord(String type, String session, String program, String workspace, String nonce, long beganAt,
    List<String> seenComments, IssueSnapshot issue, BigDecimal usd, int toolCalls, String lastWords) {

  private static final String TYPE = "acp-session/1";
  private static final String FILE = "acp-session.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  SessionRecord(String session, String program, String workspace, String nonce, long beganAt,
      List<String> seenComments, IssueSnapshot issue, BigDecimal usd, int toolCalls, String lastWords) {
    this(TYPE, session, program, workspace, nonce, beganAt, seenComments, issue, usd, toolCalls, lastWords);
  }

  /** The kept one; one that can't be read is as good as none. */
  static Optional<SessionRecord> read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(file.toFile(), SessionRecord.class)).filter(read -> TYPE.equals(read.type()))
          : Optional.empty();
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  void write(Path directory) throws IOException {
    JSON.writeValue(directory.resolve(FILE).toFile(), this);
  }
}
