package io.heartbeat4j.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.heartbeat4j.client.InProcessTransport;
import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.ServerResponse;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
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
final class SimulatedNetwork {

  /** The steps that send requests; step 7 sends none. */
  static final List<Step> STEPS = List.of(Step.IDENTITY, Step.APPROVAL_FOLLOW_UP, Step.GET_ASSIGNMENTS, Step.PICK_WORK,
      Step.CHECKOUT, Step.UNDERSTAND_CONTEXT, Step.UPDATE_STATUS, Step.DELEGATE);

  private static final List<Step> RARE = List.of(Step.APPROVAL_FOLLOW_UP, Step.GET_ASSIGNMENTS, Step.PICK_WORK);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final SimulatedProcess process;
  private final PaperclipApiHandler rules;
  private final VirtualTimeScheduler scheduler;
  private final SeededRandom seededRandom;
  private final FaultCoverage faultCoverage;
  private final List<SentRequest> log;
  private final List<String> late;

  SimulatedNetwork(
      SimulatedProcess process, PaperclipApiHandler rules, VirtualTimeScheduler scheduler, SeededRandom seededRandom,
      FaultCoverage faultCoverage, List<SentRequest> log, List<String> late) {
    this.process = process;
    this.rules = rules;
    this.scheduler = scheduler;
    this.seededRandom = seededRandom;
    this.faultCoverage = faultCoverage;
    this.log = log;
    this.late = late;
  }

  Future<InProcessTransport.Response> send(InProcessTransport.Request request) {
    if (process.isDead()) {
      return Future.future(never -> {});
    }
    ServerRequest asked = rulesRequest(request);
    if (!process.mayWrite() && !asked.method().equals("GET")) {
      late.add("written after the lease: " + asked.method() + " " + asked.path() + " by run " + process.run);
    }
    SimulatedFault simulatedFault = possible(asked, seededRandom.faultFor(RARE.contains(step(asked))));
    faultCoverage.countFault(step(asked), simulatedFault);
    return switch (simulatedFault) {
      case NONE -> within(1 + seededRandom.intUpTo(20), () -> process(asked, true));
      case DELAYED -> within(1_000 + seededRandom.intUpTo(10_000), () -> process(asked, true));
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
          .map(reply -> new InProcessTransport.Response(500, Map.of(), "{\"error\":\"Internal server error\"}"));
      case TRUNCATED -> within(5, () -> process(asked, false))
          .map(reply -> new InProcessTransport.Response(reply.status(), reply.headers(),
              reply.body().substring(0, reply.body().length() / 2)));
      case CRASH_BEFORE -> {
        seededRandom.kill(step(asked).title() + ":before");
        yield unanswered(asked, new IOException("killed"), 1);
      }
      case CRASH_AFTER -> {
        scheduler.schedule(Duration.ofMillis(1), () -> process(asked, false));
        seededRandom.kill(step(asked).title() + ":after");
        yield unanswered(asked, new IOException("killed"), 1);
      }
    };
  }

  /** A server does not refuse an issue to the run that holds it there. */
  private SimulatedFault possible(ServerRequest serverRequest, SimulatedFault simulatedFault) {
    boolean refused = simulatedFault == SimulatedFault.CONFLICT_409
        || simulatedFault == SimulatedFault.UNPROCESSABLE_422;
    if (!refused || !(serverRequest.path().endsWith("/checkout") || serverRequest.method().equals("PATCH"))) {
      return simulatedFault;
    }
    ServerRequest look = ServerRequest.of("GET", serverRequest.path().replace("/checkout", ""));
    return Simulation.now(rules.handle(look)).body().path("checkoutRunId").asText().equals(process.run)
        ? SimulatedFault.NONE
        : simulatedFault;
  }

  private static ServerRequest rulesRequest(InProcessTransport.Request request) {
    ServerRequest plain = ServerRequest.of(request.method(), request.target());
    return new ServerRequest(plain.method(), plain.path(), plain.query(), request.headers(), request.body());
  }

  private interface Answering {
    Future<InProcessTransport.Response> answer();
  }

  private Future<InProcessTransport.Response> within(long millis, Answering answering) {
    return later(millis).compose(due -> answering.answer());
  }

  /** The network goes on when the process has died: what is on its way arrives. */
  private Future<Void> later(long millis) {
    Promise<Void> due = Promise.promise();
    scheduler.schedule(Duration.ofMillis(millis), due::complete);
    return due.future();
  }

  private Future<InProcessTransport.Response> process(ServerRequest serverRequest, boolean seen) {
    return rules.handle(serverRequest).map(serverResponse -> {
      note(serverRequest, true, serverResponse.status(), seen);
      return reply(serverResponse);
    }).compose(reply -> {
      Promise<InProcessTransport.Response> back = Promise.promise();
      process.execute(() -> back.complete(reply));
      return back.future();
    });
  }

  private static InProcessTransport.Response reply(ServerResponse serverResponse) {
    Map<String, String> headers = new HashMap<>();
    serverResponse.headers().forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
    return new InProcessTransport.Response(serverResponse.status(), headers,
        serverResponse.body().isMissingNode() ? "" : serverResponse.body().toString());
  }

  private Future<InProcessTransport.Response> answered(ServerRequest serverRequest, int status, String body,
      Map<String, String> headers) {
    note(serverRequest, false, status, true);
    return later(3).map(due -> new InProcessTransport.Response(status, headers, body));
  }

  private Future<InProcessTransport.Response> unanswered(ServerRequest serverRequest, IOException failure,
      long millis) {
    note(serverRequest, false, 0, false);
    return later(millis).compose(due -> Future.failedFuture(failure));
  }

  private void note(ServerRequest serverRequest, boolean processed, int status, boolean seen) {
    log.add(new SentRequest(process, process.agent, process.run,
        serverRequest.headers().getOrDefault("x-paperclip-run-id", ""),
        serverRequest.method(),
        serverRequest.path(), body(serverRequest.body()), processed, status, seen));
    Simulation.trace(() -> scheduler.now() + " " + log.get(log.size() - 1));
  }

  private static JsonNode body(String text) {
    try {
      return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (JsonProcessingException odd) {
      throw new IllegalStateException(odd);
    }
  }

  /** Which step a request belongs to. */
  private static Step step(ServerRequest serverRequest) {
    String path = serverRequest.path();
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
    if (serverRequest.method().equals("POST") && path.endsWith("/issues")) {
      return Step.DELEGATE;
    }
    return serverRequest.method().equals("GET") ? Step.UNDERSTAND_CONTEXT : Step.UPDATE_STATUS;
  }
}
