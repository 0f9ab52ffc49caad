package io.heartbeat4j.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.embedded.BoardRequestException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What the page can do and read: JSON in, JSON out. An action that can't be done is answered with {@code error}. */
final class BoardRoutes {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+");
  private static final long MAX_BODY = 1 << 20;

  private final Board board;
  private final Faults faults;

  BoardRoutes(Board board, Faults faults) {
    this.board = board;
    this.faults = faults;
  }

  void mount(Router router) {
    router.post().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    get(router, "/board", call -> board.overview());
    get(router, "/board/issues/:id", call -> board.issue(call.id("id")));
    get(router, "/board/issues/:id/documents/:key",
        call -> board.server().read("/api/issues/" + call.id("id") + "/documents/" + call.id("key")));
    post(router, "/board/issues", call -> board.createIssue(call.required("title"), call.text("description")));
    post(router, "/board/issues/:id/comments",
        call -> board.server().addComment(call.id("id"), call.required("body")));
    post(router, "/board/issues/:id/hold",
        call -> board.server().pauseIssueTree(call.id("id"), call.text("reason")));
    post(router, "/board/issues/:id/release", call -> board.release(call.id("id")));
    post(router, "/board/issues/:id/resolve", call -> board.server().resolveRecovery(call.id("id")));
    post(router, "/board/issues/:id/cards/:card/accept",
        call -> board.server().acceptInteraction(call.id("id"), call.id("card")));
    post(router, "/board/issues/:id/cards/:card/reject",
        call -> board.server().rejectInteraction(call.id("id"), call.id("card"), call.text("reason")));
    post(router, "/board/issues/:id/cards/:card/respond",
        call -> board.server().answerInteraction(call.id("id"), call.id("card"), call.body()));
    post(router, "/board/approvals/:id/approve",
        call -> board.server().decideApproval(call.id("id"), "approve", call.text("note")));
    post(router, "/board/approvals/:id/reject",
        call -> board.server().decideApproval(call.id("id"), "reject", call.text("note")));
    post(router, "/faults/conflict", call -> faults.conflict());
    post(router, "/faults/budget", call -> faults.useUpBudget());
    post(router, "/faults/budget/lift", call -> faults.liftBudget());
    post(router, "/faults/outage", call -> faults.outage());
    post(router, "/runs/:id/kill", call -> faults.kill(call.id("id")));
  }

  private static void get(Router router, String path, Function<Call, Future<JsonNode>> action) {
    router.get(path).handler(context -> answer(context, action, Board.object()));
  }

  private static void post(Router router, String path, Function<Call, Future<JsonNode>> action) {
    router.post(path).handler(context -> {
      try {
        Buffer body = context.body().buffer();
        answer(context, action, JSON.readTree(body == null ? new byte[0] : body.getBytes()));
      } catch (IOException malformed) {
        end(context, 400, Board.object().put("error", "the body is not JSON"));
      }
    });
  }

  private static void answer(RoutingContext context, Function<Call, Future<JsonNode>> action, JsonNode body) {
    try {
      action.apply(new Call(context, body))
          .onSuccess(answer -> end(context, 200, answer))
          .onFailure(failure -> end(context, failure instanceof BoardRequestException ? 409 : 500,
              Board.object().put("error", String.valueOf(failure.getMessage()))));
    } catch (IllegalArgumentException wrong) {
      end(context, 400, Board.object().put("error", wrong.getMessage()));
    }
  }

  private static void end(RoutingContext context, int status, JsonNode answer) {
    context.response().setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(answer.toString());
  }

  /** A request of the page. */
  private record Call(RoutingContext context, JsonNode body) {

    String id(String name) {
      String id = context.pathParam(name);
      if (!ID.matcher(id).matches()) {
        throw new IllegalArgumentException("'" + id + "' is no id");
      }
      return id;
    }

    String text(String field) {
      return body.path(field).asText("");
    }

    String required(String field) {
      String text = text(field);
      if (text.isBlank()) {
        throw new IllegalArgumentException("'" + field + "' is missing");
      }
      return text;
    }
  }
}
