package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Paperclip's rules, without sockets: requests in, responses out.
 *
 * <p>Not thread-safe: {@link #handle}, the {@link Adapter}'s futures and the actions that it gives to
 * {@link Time} all belong to one thread. With a {@link Time} and {@link Ids} of one's own, what happens
 * depends on nothing else.
 */
public final class PaperclipRules {

  private static final int LARGEST_BODY = 10 * 1024 * 1024;

  private final Router router = new Router();
  private final Authentication authentication;

  /** An empty world. */
  public PaperclipRules(Time time, Ids ids, Adapter adapter, RulesOptions options) {
    World world = new World(time, ids, options);
    RunTokens tokens = new RunTokens(world);
    this.authentication = new Authentication(world, tokens);
    IssueThread thread = new IssueThread(world);
    Dispatch dispatch = new Dispatch(world, adapter, tokens);
    Wakes wakes = new Wakes(world, dispatch);
    Recovery recovery = new Recovery(world, thread);
    recovery.wakesBy(wakes);
    RunEnd runEnd = new RunEnd(world, dispatch, recovery);
    dispatch.endsAt(runEnd);
    IssueAccess access = new IssueAccess(world);
    Stages stages = new Stages(world);
    AfterWrite afterWrite = new AfterWrite(world, wakes, runEnd);
    Monitors monitors = new Monitors(world, wakes);
    Approvals approvals = new Approvals(world, wakes, afterWrite);

    router.on("GET", "/api/health", call -> Response.ok(health()));
    new Companies(world).routes(router);
    new IssueList(world).routes(router);
    new Agents(world, new AgentJson(world), runEnd).routes(router);
    new Wakeups(world, wakes).routes(router);
    new Runs(world, runEnd).routes(router);
    new IssueReads(world, access).routes(router);
    new IssueCreation(world, access, afterWrite, stages).routes(router);
    new IssueUpdate(world, access, new Disposition(world), thread, monitors, stages, afterWrite, runEnd).routes(router);
    new Checkout(world, access).routes(router);
    new Comments(world, access, thread, afterWrite).routes(router);
    new Interactions(world, access, wakes, afterWrite).routes(router);
    approvals.routes(router);
    new Documents(world, access).routes(router);
    new Budgets(world, approvals, runEnd).routes(router);
    new Holds(world, access, runEnd).routes(router);
  }

  /**
   * Answers a request. The answer is there at once, except where the server waits for a run to stop.
   * Never fails: what goes wrong inside is an answer of 500, as it is on the server.
   */
  public Future<Response> handle(Request request) {
    try {
      JsonNode body = parse(request);
      Actor actor = authentication.actor(request);
      Optional<Router.Match> match = router.find(request.method(), request.path());
      if (match.isEmpty()) {
        throw Refusal.notFound("API route not found");
      }
      Call call = new Call(request, actor, match.get().params(), body);
      return match.get().rule().answer(call).recover(failure -> Future.succeededFuture(answerTo(failure)));
    } catch (RuntimeException failure) {
      return Future.succeededFuture(answerTo(failure));
    }
  }

  /** Which agent the request's credentials name; empty for the board and for credentials that are refused. */
  public Optional<Sender> sender(Request request) {
    try {
      return authentication.actor(request) instanceof Actor.AgentActor agent
          ? Optional.of(new Sender(agent.agent().id, Optional.ofNullable(agent.runId())))
          : Optional.empty();
    } catch (Refusal refused) {
      return Optional.empty();
    }
  }

  private static Response answerTo(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refusal.response();
    }
    System.getLogger(PaperclipRules.class.getName()).log(System.Logger.Level.ERROR, "A rule failed", failure);
    return Refusal.internal().response();
  }

  /** Bodies that are too large or malformed are 500 here, not 413 and 400. */
  private static @Nullable JsonNode parse(Request request) {
    String text = request.body();
    if (text.length() > LARGEST_BODY) {
      throw Refusal.internal();
    }
    String type = request.headerValue("content-type");
    boolean json = type != null && type.toLowerCase(Locale.ROOT).contains("json");
    if (text.isEmpty()) {
      return json ? Json.object() : null;
    }
    if (!json) {
      return null;
    }
    try {
      JsonNode body = Json.parse(text);
      if (!body.isContainerNode()) {
        throw Refusal.internal();
      }
      return body;
    } catch (JsonProcessingException malformed) {
      throw Refusal.internal();
    }
  }

  private static ObjectNode health() {
    ObjectNode health = Json.object().put("status", "ok").put("version", "2026.916.1");
    health.put("deploymentMode", "local_trusted").put("authReady", true).put("bootstrapStatus", "ready");
    health.putObject("startupRecovery").put("phase", "ready").putNull("error");
    return health;
  }
}
