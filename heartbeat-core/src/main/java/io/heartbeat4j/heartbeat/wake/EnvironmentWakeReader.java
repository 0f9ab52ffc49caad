package io.heartbeat4j.heartbeat.wake;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.WakePayload;
import io.heartbeat4j.protocol.WakeReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a wake from {@code PAPERCLIP_*} variables (protocol page; contract section 3). All problems are told at once.
 *
 * <p>The process adapter gives the five required ones only; what it leaves out is completed from the run (see {@code
 * Identity}). {@code HEARTBEAT_API_URL} names another way to the same server, such as a proxy. An optional one that is
 * malformed is warned of and left out: ending here would park a held issue.
 */
public final class EnvironmentWakeReader {

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private EnvironmentWakeReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads the wake.
   *
   * @throws HeartbeatException naming every variable that is missing or malformed, never their secret values
   */
  public static WakeRequest read(Map<String, String> environment) {
    return new EnvironmentWakeReader(environment).request();
  }

  private WakeRequest request() {
    ServerUrl server = environment.getOrDefault("HEARTBEAT_API_URL", "").isBlank()
        ? required("PAPERCLIP_API_URL", ServerUrl::of)
        : required("HEARTBEAT_API_URL", ServerUrl::of);
    AgentToken token = required("PAPERCLIP_API_KEY", AgentToken::of);
    AgentId agent = required("PAPERCLIP_AGENT_ID", AgentId::of);
    CompanyId company = required("PAPERCLIP_COMPANY_ID", CompanyId::of);
    RunId run = required("PAPERCLIP_RUN_ID", RunId::of);
    WakeFacts facts = facts();
    if (server == null || token == null || agent == null || company == null || run == null || !problems.isEmpty()) {
      throw new HeartbeatException(HeartbeatException.Kind.BAD_WAKE, String.join("; ", problems)
          + ". Paperclip sets these variables when it wakes an agent: run this command as the agent's process adapter");
    }
    return new WakeRequest(server, token, agent, company, run, facts, warnings);
  }

  private WakeFacts facts() {
    CommentId comment = optional("PAPERCLIP_WAKE_COMMENT_ID", CommentId::of);
    WakePayload payload = optional("PAPERCLIP_WAKE_PAYLOAD_JSON", EnvironmentWakeReader::payload);
    List<IssueId> linked = optional("PAPERCLIP_LINKED_ISSUE_IDS",
        list -> Arrays.stream(list.split(",")).map(String::strip).filter(id -> !id.isEmpty()).map(IssueId::of)
            .toList());
    WakeReason reason = optional("PAPERCLIP_WAKE_REASON", WakeReason::new);
    return new WakeFacts(
        optional("PAPERCLIP_TASK_ID", IssueId::of),
        reason != null || payload == null ? reason : payload.reason(),
        comment != null ? List.of(comment) : payload == null ? List.of() : payload.commentIds(),
        optional("PAPERCLIP_APPROVAL_ID", ApprovalId::of),
        linked == null ? List.of() : linked,
        payload == null ? null : payload.interactionId(),
        payload,
        payload == null ? null : payload.executionContinuation(),
        optional("PAPERCLIP_WORKSPACE_CWD", Function.identity()));
  }

  private static WakePayload payload(String json) {
    try {
      return ProtocolJson.mapper().readValue(json, WakePayload.class);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("is not the JSON of a wake: " + malformed.getOriginalMessage(), malformed);
    }
  }

  private <T> @Nullable T required(String name, Function<String, T> parse) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      problems.add(name + " is not set");
      return null;
    }
    return parse(name, value, parse, problems);
  }

  private <T> @Nullable T optional(String name, Function<String, T> parse) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : parse(name, value, parse, warnings);
  }

  private static <T> @Nullable T parse(
      String name, String value, Function<String, T> parse, List<String> complaints) {
    try {
      return parse.apply(value.strip());
    } catch (IllegalArgumentException malformed) {
      complaints.add(name + ": " + malformed.getMessage());
      return null;
    }
  }
}
