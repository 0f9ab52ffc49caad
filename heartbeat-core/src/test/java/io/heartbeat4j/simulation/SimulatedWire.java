package io.heartbeat4j.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.heartbeat4j.client.Wire;
import io.heartbeat4j.embedded.rules.PaperclipRules;
import io.heartbeat4j.embedded.rules.Request;
import io.heartbeat4j.embedded.rules.Response;
import io.heartbeat4j.embedded.rules.VirtualTime;
import io.heartbeat4j.heartbeat.event.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The network between one process and the server, and what goes wrong on it. */
final class SimulatedWire {

  /** The steps that send requests; step 7 sends none. */
  static final List<Step> STEPS = List.of(Step.IDENTITY, Step.APPROVAL_FOLLOW_UP, Step.GET_ASSIGNMENTS, Step.PICK_WORK,
      Step.CHECKOUT, Step.UNDERSTAND_CONTEXT, Step.UPDATE_STATUS, Step.DELEGATE);

  private static final List<Step> RARE = List.of(Step.APPROVAL_FOLLOW_UP, Step.GET_ASSIGNMENTS, Step.PICK_WORK);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final SimulatedProcess process;
  private final PaperclipRules rules;
  private final VirtualTime time;
  private final Chance chance;
  private final Tally tally;
  private final List<Sent> log;

  SimulatedWire(
      SimulatedProcess process, PaperclipRules rules, VirtualTime time, Chance chance, Tally tally, List<Sent> log) {
    this.process = process;
    this.rules = rules;
    this.time = time;
    this.chance = chance;
    this.tally = tally;
    this.log = log;
  }

  Future<Wire.Reply> send(Wire.Request request) {
    if (process.isDead()) {
      return Future.future(never -> { });
    }
    Request asked = rulesRequest(request);
    Trouble trouble = possible(asked, chance.forRequest(RARE.contains(step(asked))));
    tally.hit(step(asked), trouble);
    return switch (trouble) {
      case NONE -> within(1 + chance.upTo(20), () -> process(asked, true));
      case DELAYED -> within(1_000 + chance.upTo(10_000), () -> process(asked, true));
      case REFUSED -> unanswered(asked, new ConnectException("refused"), 1);
      case REQUEST_LOST -> unanswered(asked, new IOException("the connection broke"), TIMEOUT.toMillis());
      case ANSWER_LOST -> within(5, () -> process(asked, false))
          .compose(lost -> later(TIMEOUT.toMillis()))
          .compose(late -> Future.failedFuture(new IOException("no answer")));
      case CONFLICT_409 -> answered(asked, 409, "{\"error\":\"Issue checkout conflict\",\"details\":{}}", Map.of());
      case UNPROCESSABLE_422 -> answered(asked, 422, "{\"error\":\"Not now\"}", Map.of());
      case LIMIT_429_WITH_TIME -> answered(asked, 429, "{\"error\":\"Too many\"}", Map.of("retry-after", "1"));
      case LIMIT_429 -> answered(asked, 429, "{\"error\":\"Too many\"}", Map.of());
      case ERROR_500_BEFORE -> answered(asked, 500, "{\"error\":\"Internal server error\"}", Map.of());
      case UNAVAILABLE_503 -> answered(asked, 503, "{\"error\":\"Unavailable\"}", Map.of());
      case ERROR_500_AFTER -> within(5, () -> process(asked, false))
          .map(reply -> new Wire.Reply(500, Map.of(), "{\"error\":\"Internal server error\"}"));
      case TRUNCATED -> within(5, () -> process(asked, false))
          .map(reply -> new Wire.Reply(reply.status(), reply.headers(), reply.body().substring(0, reply.body().length() / 2)));
      case CRASH_BEFORE -> {
        chance.kill(step(asked).title() + ":before");
        yield unanswered(asked, new IOException("killed"), 1);
      }
      case CRASH_AFTER -> {
        time.after(Duration.ofMillis(1), () -> process(asked, false));
        chance.kill(step(asked).title() + ":after");
        yield unanswered(asked, new IOException("killed"), 1);
      }
    };
  }

  /** A server does not refuse an issue to the run that holds it there. */
  private Trouble possible(Request request, Trouble trouble) {
    boolean refused = trouble == Trouble.CONFLICT_409 || trouble == Trouble.UNPROCESSABLE_422;
    if (!refused || !(request.path().endsWith("/checkout") || request.method().equals("PATCH"))) {
      return trouble;
    }
    Request look = Request.of("GET", request.path().replace("/checkout", ""));
    return Simulation.now(rules.handle(look)).body().path("checkoutRunId").asText().equals(process.run)
        ? Trouble.NONE
        : trouble;
  }

  private static Request rulesRequest(Wire.Request request) {
    Request plain = Request.of(request.method(), request.target());
    return new Request(plain.method(), plain.path(), plain.query(), request.headers(), request.body());
  }

  private interface Answering {
    Future<Wire.Reply> answer();
  }

  private Future<Wire.Reply> within(long millis, Answering answering) {
    return later(millis).compose(due -> answering.answer());
  }

  /** The network goes on when the process has died: what is on its way arrives. */
  private Future<Void> later(long millis) {
    Promise<Void> due = Promise.promise();
    time.after(Duration.ofMillis(millis), due::complete);
    return due.future();
  }

  private Future<Wire.Reply> process(Request request, boolean seen) {
    return rules.handle(request).map(response -> {
      note(request, true, response.status(), seen);
      return reply(response);
    }).compose(reply -> {
      Promise<Wire.Reply> back = Promise.promise();
      process.run(() -> back.complete(reply));
      return back.future();
    });
  }

  private static Wire.Reply reply(Response response) {
    Map<String, String> headers = new HashMap<>();
    response.headers().forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
    return new Wire.Reply(response.status(), headers, response.body().isMissingNode() ? "" : response.body().toString());
  }

  private Future<Wire.Reply> answered(Request request, int status, String body, Map<String, String> headers) {
    note(request, false, status, true);
    return later(3).map(due -> new Wire.Reply(status, headers, body));
  }

  private Future<Wire.Reply> unanswered(Request request, IOException failure, long millis) {
    note(request, false, 0, false);
    return later(millis).compose(due -> Future.failedFuture(failure));
  }

  private void note(Request request, boolean processed, int status, boolean seen) {
    log.add(new Sent(process.agent, process.run, request.headers().getOrDefault("x-paperclip-run-id", ""), request.method(),
        request.path(), body(request.body()), processed, status, seen));
    Simulation.trace(() -> time.now() + " " + log.get(log.size() - 1));
  }

  private static JsonNode body(String text) {
    try {
      return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (JsonProcessingException odd) {
      throw new IllegalStateException(odd);
    }
  }

  /** Which step a request belongs to. */
  private static Step step(Request request) {
    String path = request.path();
    if (path.endsWith("/me") || path.contains("/heartbeat-runs/")) {
      return Step.IDENTITY;
    }
    if (path.contains("/approvals/")) {
      return Step.APPROVAL_FOLLOW_UP;
    }
    if (path.endsWith("/inbox-lite")) {
      return Step.GET_ASSIGNMENTS;
    }
    if (path.endsWith("/wakeup")) {
      return Step.PICK_WORK;
    }
    if (path.endsWith("/checkout")) {
      return Step.CHECKOUT;
    }
    if (request.method().equals("POST") && path.endsWith("/issues")) {
      return Step.DELEGATE;
    }
    return request.method().equals("GET") ? Step.UNDERSTAND_CONTEXT : Step.UPDATE_STATUS;
  }
}
