package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueUpdate;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.NewIssue;
import io.heartbeat4j.protocol.RunId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Small bodies and values for tests that are about something else. */
final class SampleData {

  static final AgentToken TOKEN = AgentToken.of("a-token-for-tests");
  static final CompanyId COMPANY = CompanyId.of("00000000-0000-4000-8000-00000000000c");
  static final AgentId AGENT_ID = AgentId.of("00000000-0000-4000-8000-00000000000a");
  static final IssueId ISSUE_ID = IssueId.of("00000000-0000-4000-8000-000000000001");
  static final RunId RUN = RunId.of("00000000-0000-4000-8000-00000000000f");

  static final String AGENT = """
      {"id":"%s","companyId":"%s","name":"Wren","role":"engineer","status":"running"}""".formatted(AGENT_ID, COMPANY);
  static final String COMMENT = comment("00000000-0000-4000-8000-0000000000c0", "Hello.");

  private SampleData() {}

  static String comment(String id, String body) {
    return """
        {"id":"%s","issueId":"%s","authorType":"agent","authorAgentId":"%s","body":"%s"}"""
        .formatted(id, ISSUE_ID, AGENT_ID, body);
  }

  static String issue(String description) {
    return json(Map.of("id", ISSUE_ID.toString(), "companyId", COMPANY.toString(), "identifier", "EX-1",
        "title", "An example", "status", "todo", "description", description));
  }

  static NewComment newComment() {
    return new NewComment("Hello.", UUID.fromString("00000000-0000-4000-8000-0000000000c1"));
  }

  static IssueUpdate update() {
    return IssueUpdate.done("It is done.");
  }

  static NewIssue child() {
    return new NewIssue("A part", null, ISSUE_ID, null, null, null, null, null, List.of(), "key", null);
  }

  /** A lease without a checkout, for tests of what comes after it. */
  static IssueLease lease(AgentSession agent) {
    try {
      return new IssueLease(agent.forRun(RUN, AGENT_ID),
          ProtocolJson.mapper().readValue(issue("What to do."), Issue.class));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String json(Object value) {
    try {
      return ProtocolJson.mapper().writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
