package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawTcpServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawTcpServer.Request;
import io.heartbeat4j.client.RawTcpServer.Response;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists that are longer than one answer, and the cursor of a thread, which comes back with its anchor. */
class PaginationTest {

  private static final int PAGE = 500;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private AgentSession agent(RawTcpServer server) {
    return PaperclipClient.connect(vertx, server.url(), ClientOptions.defaults()).session(SampleData.TOKEN);
  }

  private static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  private static Response rows(int from, int to, Function<Integer, String> row) {
    return Response.json(200,
        IntStream.range(from, to).mapToObj(row::apply).collect(Collectors.joining(",", "[", "]")));
  }

  private static Response comments(int from, int to) {
    return rows(from, to, number -> SampleData.comment(id(number), "comment " + number));
  }

  private static Response issues(int from, int to) {
    return rows(from, to, number -> "{\"id\":\"" + id(number) + "\",\"title\":\"T\",\"status\":\"todo\"}");
  }

  @Test
  void the_anchor_of_a_thread_is_asked_from_and_left_out() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> comments(7, 10))) {
      List<Comment> newer = await(agent(server).commentsAfter(SampleData.ISSUE_ID, CommentId.of(id(7))));

      assertThat(newer).extracting(Comment::body).containsExactly("comment 8", "comment 9");
      assertThat(server.requests().get(0).line()).contains("order=asc").contains("after=" + id(7));
    }
  }

  @Test
  void a_thread_of_two_pages_is_read_from_its_last_comment_on_and_told_once() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? comments(0, PAGE)
        : comments(PAGE - 1, PAGE + 3))) {
      List<Comment> all = await(agent(server).comments(SampleData.ISSUE_ID));

      assertThat(all).hasSize(PAGE + 3).doesNotHaveDuplicates();
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().get(1).line()).contains("after=" + id(PAGE - 1));
    }
  }

  @Test
  void a_thread_that_never_gets_on_is_not_asked_for_for_ever() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> comments(0, PAGE))) {
      assertThat(await(agent(server).comments(SampleData.ISSUE_ID))).hasSize(PAGE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void the_issue_list_is_read_page_by_page_and_an_issue_that_slides_is_told_once() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? issues(0, PAGE)
        : issues(PAGE - 1, PAGE + 1))) {
      List<InboxItem> items = await(agent(server)
          .assignedIssues(SampleData.COMPANY, SampleData.AGENT_ID, List.of(IssueStatus.TODO, IssueStatus.IN_REVIEW)));

      assertThat(items).hasSize(PAGE + 1).doesNotHaveDuplicates();
      assertThat(server.requests()).extracting(Request::line)
          .allSatisfy(line -> assertThat(line)
              .contains("assigneeAgentId=" + SampleData.AGENT_ID).contains("status=todo,in_review")
              .contains("limit=500"))
          .satisfiesExactly(
              first -> assertThat(first).contains("offset=0"), second -> assertThat(second).contains("offset=500"));
    }
  }

  @Test
  void a_short_first_page_is_the_whole_list() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> issues(0, 2))) {
      assertThat(
          await(agent(server).assignedIssues(SampleData.COMPANY, SampleData.AGENT_ID, List.of(IssueStatus.TODO))))
          .hasSize(2);
      assertThat(server.requests()).hasSize(1);
    }
  }
}
