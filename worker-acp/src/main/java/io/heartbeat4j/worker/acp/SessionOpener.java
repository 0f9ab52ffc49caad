package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.acp.agent.AcpAgent;
import io.heartbeat4j.worker.acp.agent.AgentCapabilities;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.agent.IssueSnapshot;
import io.heartbeat4j.worker.agent.PromptBuilder;
import io.heartbeat4j.worker.agent.UntrustedTextMarker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Opens the session of an issue: the last run's where program and workspace are the same, it is not too old, and the
 * program still has it; else a new one, which is told what came of the last.
 */
final class SessionOpener {

  /**
   * An open session.
   *
   * @param opened the program's answer
   * @param opening the words of the first turn
   * @param issue as it is told
   * @param usd what it had cost before
   * @param toolCalls how many tool calls the issue's runs had made before
   */
  record Session(String id, JsonNode opened, String opening, IssueSnapshot issue, String nonce, long beganAt,
      BigDecimal usd,
      int toolCalls) {}

  private final WorkContext context;
  private final Path workspace;
  private final String program;
  private final Duration longest;
  private final Clock clock;
  private final String nonce;
  private final Optional<SessionRecord> last;

  /** @param nonce for the marks of a new session's prompts */
  SessionOpener(WorkContext context, Path workspace, String program, Path memory, Duration longest, Clock clock,
      String nonce) {
    this.context = context;
    this.workspace = workspace;
    this.program = program;
    this.longest = longest;
    this.clock = clock;
    this.nonce = nonce;
    this.last = SessionRecord.read(memory);
  }

  Session open(AcpAgent agent, AgentCapabilities capabilities, JsonNode servers, String instructions,
      List<AgentView> reports) throws IOException, InterruptedException, JsonRpcException {
    boolean hasTools = !servers.isEmpty();
    IssueSnapshot issue = IssueSnapshot.of(context);
    if (last.filter(this::isOfUse).isPresent() && capabilities.keepsSessions()) {
      SessionRecord kept = last.get();
      try {
        JsonNode opened = agent.continueSession(kept.session(), capabilities, workspace, servers);
        context.run().reportProgress("session: " + kept.session() + " is gone on with");
        return new Session(kept.session(), opened, prompts(kept.nonce(), hasTools).resumeMessage(
            Optional.of(kept.issue()), issue,
            comment -> !kept.seenComments().contains(comment.id().toString())
                && !comment.isBy(context.company().self().id())),
            issue, kept.nonce(), kept.beganAt(), kept.usd(), kept.toolCalls());
      } catch (JsonRpcException lost) {
        context.run().reportProgress("session: " + kept.session() + " can't be gone on with (" + lost.words() + ")");
      }
    }
    JsonNode opened = agent.newSession(workspace, servers);
    PromptBuilder prompts = prompts(nonce, hasTools);
    return new Session(opened.path("sessionId").asText(), opened, prompts.systemPrompt(instructions, reports) + "\n\n"
        + last.map(kept -> prompts.restartMessage(kept.lastWords().isBlank() ? "(nothing)" : kept.lastWords()))
            .orElseGet(prompts::firstMessage),
        issue, nonce, clock.millis(), BigDecimal.ZERO, last.map(SessionRecord::toolCalls).orElse(0));
  }

  private boolean isOfUse(SessionRecord kept) {
    return !kept.session().isEmpty() && kept.program().equals(program) && kept.workspace().equals(workspace.toString())
        && clock.millis() - kept.beganAt() < longest.toMillis();
  }

  private PromptBuilder prompts(String mark, boolean hasTools) {
    return new PromptBuilder(context, new UntrustedTextMarker(mark, context.run()::redact),
        AcpProcedures.of(hasTools));
  }
}
