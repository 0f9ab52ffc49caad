package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.agent.IssueSnapshot;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What was said between agent and model about one issue: one JSON object per line, written as it is said, without
 * secrets. A later heartbeat goes on from it. One that is unreadable, too long or too old is put aside, and the next
 * begins anew. For one thread.
 */
final class Transcript {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ENDING = Set.of("finish", "ask");

  private final Path file;
  private final Clock clock;
  private final UnaryOperator<String> redact;
  private final List<ChatMessage> messages = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private Optional<IssueSnapshot> issue = Optional.empty();
  private String nonce;

  private Transcript(Path file, Clock clock, UnaryOperator<String> redact, String nonce) {
    this.file = file;
    this.clock = clock;
    this.redact = redact;
    this.nonce = nonce;
  }

  /**
   * Opens the transcript of an issue.
   *
   * @param nonce for a new one; one that goes on keeps its own
   */
  static Transcript open(
      Path directory, long mostBytes, Duration mostAge, Clock clock, UnaryOperator<String> redact, String nonce)
      throws IOException {
    Path file = directory.resolve("transcript.jsonl");
    Transcript transcript = new Transcript(file, clock, redact, nonce);
    if (Files.exists(file)) {
      try {
        if (Files.size(file) <= mostBytes && transcript.read(mostAge)) {
          return transcript;
        }
        Files.move(file, directory.resolve("transcript.old.jsonl"), StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException | RuntimeException broken) {
        Files.move(file, directory.resolve("transcript.broken.jsonl"), StandardCopyOption.REPLACE_EXISTING);
      }
      transcript = new Transcript(file, clock, redact, nonce);
    }
    transcript.writeHeader();
    return transcript;
  }

  private void writeHeader() throws IOException {
    Files.writeString(file, header());
  }

  private String header() {
    return JSON.createObjectNode().put("began", clock.instant().toString()).put("nonce", nonce) + "\n";
  }

  /** False where it is too old; throws where it is broken. */
  private boolean read(Duration mostAge) throws IOException {
    boolean first = true;
    for (String line : Files.readAllLines(file)) {
      JsonNode entry = JSON.readTree(line);
      if (first) {
        nonce = entry.required("nonce").asText();
        if (Instant.parse(entry.required("began").asText()).plus(mostAge).isBefore(clock.instant())) {
          return false;
        }
        first = false;
      } else if (entry.has("seen")) {
        entry.get("seen").forEach(id -> seen.add(id.asText()));
      } else if (entry.has("issue")) {
        issue = Optional.of(JSON.treeToValue(entry.get("issue"), IssueSnapshot.class));
      } else {
        messages.add(ChatMessageDeserializer.messageFromJson(entry.required("message").toString()));
      }
    }
    if (first) {
      throw new IOException("an empty transcript");
    }
    return true;
  }

  String nonce() {
    return nonce;
  }

  /** What was said, oldest first, {@linkplain TranscriptRepair repaired}. */
  List<ChatMessage> messages() {
    return TranscriptRepair.repair(messages);
  }

  boolean isNew() {
    return messages().isEmpty();
  }

  boolean hasSeen(String comment) {
    return seen.contains(comment);
  }

  /** How many calls of tools worked; to end the work is none. */
  int successfulToolCalls() {
    return (int) messages.stream()
        .filter(message -> message instanceof ToolExecutionResultMessage result
            && !Boolean.TRUE.equals(result.isError()) && !ENDING.contains(result.toolName()))
        .count();
  }

  void add(ChatMessage message) throws IOException {
    messages.add(message);
    append(line(message));
  }

  void markSeen(List<String> comments) throws IOException {
    if (seen.addAll(comments)) {
      append(seenLine(comments));
    }
  }

  /** The issue as the model was last told of it. */
  Optional<IssueSnapshot> issue() {
    return issue;
  }

  void remember(IssueSnapshot told) throws IOException {
    if (!issue.equals(Optional.of(told))) {
      issue = Optional.of(told);
      append(issueLine(told));
    }
  }

  /** Goes on with a shorter version of it. */
  void replace(List<ChatMessage> shorter) throws IOException {
    messages.clear();
    messages.addAll(shorter);
    StringBuilder all = new StringBuilder(header()).append(seenLine(seen));
    issue.map(this::issueLine).ifPresent(all::append);
    for (ChatMessage message : messages) {
      all.append(line(message));
    }
    Path next = file.resolveSibling("transcript.next");
    Files.writeString(next, all);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Puts it aside as broken, and begins anew with one message; what was seen stays so. */
  void restart(ChatMessage first) throws IOException {
    Files.copy(file, file.resolveSibling("transcript.broken.jsonl"), StandardCopyOption.REPLACE_EXISTING);
    replace(List.of(first));
  }

  private String seenLine(Iterable<String> comments) {
    ObjectNode entry = JSON.createObjectNode().put("at", clock.instant().toString());
    comments.forEach(entry.putArray("seen")::add);
    return entry + "\n";
  }

  private String issueLine(IssueSnapshot told) {
    return JSON.createObjectNode().put("at", clock.instant().toString()).set("issue", JSON.valueToTree(told)) + "\n";
  }

  private String line(ChatMessage message) throws JsonProcessingException {
    ObjectNode entry = JSON.createObjectNode().put("at", clock.instant().toString());
    entry.set("message", JSON.readTree(ChatMessageSerializer.messageToJson(message)));
    return redact.apply(entry.toString()) + "\n";
  }

  private void append(String line) throws IOException {
    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
