package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.Guice;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.rules.IdGenerator;
import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.DelegationLimits;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** One seed: a small company works through an hour of trouble, and then has an hour without any to settle all of it. */
final class Simulation {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String URL = "http://simulated";
  private static final WorkLimits LIMITS = new WorkLimits(Duration.ofMinutes(5), Duration.ZERO, Duration.ofSeconds(5),
      Duration.ZERO, new DelegationLimits(1, 3, 2));

  final List<SentRequest> sent = new ArrayList<>();
  final List<SimulatedWorker.Performed> performed = new ArrayList<>();
  final List<String> late = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();
  final List<String> issues = new ArrayList<>();
  final List<String> team = new ArrayList<>();
  final Map<String, SimulatedDisk> disks = new HashMap<>();
  final Optional<SimulatedFleet> fleet;
  final EmbeddedBoard embeddedBoard;
  final Map<String, String> keys = new HashMap<>();
  String company = "";

  private final VirtualTimeScheduler scheduler = new VirtualTimeScheduler(START);
  private final SimulatedProcess.CurrentProcess currentProcess = new SimulatedProcess.CurrentProcess();
  private final SeededRandom seededRandom;
  private final FaultCoverage faultCoverage;
  private final PaperclipApiHandler rules;
  private final Heartbeat heartbeat;
  private final SimulatedBoard people;

  /**
   * @param hosts that share a database; 0 for a process per run, with its agent's disk
   * @param actions what people may do
   */
  private Simulation(long seed, int hosts, List<BoardAction> actions, FaultCoverage faultCoverage) {
    this.faultCoverage = faultCoverage;
    this.seededRandom = new SeededRandom(seed, faultCoverage, currentProcess);
    this.rules = new PaperclipApiHandler(scheduler, IdGenerator.sequential(), this::start,
        ServerBehaviorOptions.defaults().apiUrl(URL));
    this.embeddedBoard = EmbeddedBoard.overApi(rules);
    this.people = new SimulatedBoard(embeddedBoard, seededRandom, scheduler, actions);
    this.heartbeat = Guice.createInjector(new HeartbeatModule(
        SimulatedProcess.current(scheduler, currentProcess), SimulatedWorker.threads(currentProcess, seededRandom),
        Redactor.of(List.of()), event -> trace(() -> event)))
        .getInstance(Heartbeat.class);
    this.fleet = hosts == 0 ? Optional.empty()
        : Optional.of(new SimulatedFleet(hosts, scheduler, seededRandom, currentProcess, faultCoverage,
            this::beat));
  }

  private static final boolean TRACE = Boolean.getBoolean("simulation.trace");

  /** With {@code -Dsimulation.trace=true} a seed that is played again tells what happens in it. */
  static void trace(Supplier<Object> what) {
    if (TRACE) {
      System.out.println(what.get());
    }
  }

  /** Plays a seed to its end; the violations of the invariants, none if all is well. */
  static List<String> play(long seed, int hosts, List<BoardAction> actions, FaultCoverage faultCoverage) {
    Simulation simulation = new Simulation(seed, hosts, actions, faultCoverage);
    simulation.play();
    if (TRACE) {
      list(simulation.read("/api/companies/" + simulation.company + "/heartbeat-runs"))
          .forEach(run -> trace(() -> run));
      simulation.team.forEach(agent -> trace(() -> now(simulation.embeddedBoard.readAgent(agent))));
    }
    return new InvariantChecker(simulation).violations();
  }

  private void play() {
    createCompany();
    people.actFor(Duration.ofMinutes(60), this);
    scheduler.advance(Duration.ofMinutes(60));
    seededRandom.stopFaults();
    scheduler.advance(Duration.ofMinutes(20));
    for (int round = 0; round < 4; round++) {
      people.putEverythingInOrder(this);
      wakeEverybody();
      people.answerEverything(this);
      scheduler.advance(Duration.ofMinutes(20));
    }
    for (int round = 0; round < 4 && hasJournal(); round++) { // a run ends with its hand-over; the next one clears up
      wakeEverybody();
    }
  }

  private boolean hasJournal() {
    return disks.values().stream().anyMatch(disk -> !disk.journal().isEmpty());
  }

  private void createCompany() {
    company = id(now(embeddedBoard.createCompany("Simulated")));
    String goal = id(now(embeddedBoard.createGoal(company, "Ship")));
    String manager = id(now(embeddedBoard.createAgent(company, "Cora", Map.of())));
    team.add(manager);
    team.add(id(now(embeddedBoard.createAgent(company, "Wren", Map.of("reportsTo", manager)))));
    team.add(id(now(embeddedBoard.createAgent(company, "Pia", Map.of("reportsTo", manager)))));
    for (int i = 0; i < 2 + seededRandom.intUpTo(3); i++) {
      createIssue("Issue " + i, Map.of("assigneeAgentId", seededRandom.oneOf(team), "goalId", goal));
    }
  }

  /** An issue to be worked at once, on which the people act from now on. */
  void createIssue(String title, Map<String, Object> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put("status", "todo");
    issues.add(id(now(embeddedBoard.createIssue(company, title, all))));
  }

  List<JsonNode> allIssues() {
    return list(read("/api/companies/" + company + "/issues"));
  }

  /** A live run of each agent: the first thing that reaches what a crash has left. */
  private void wakeEverybody() {
    for (String agent : team) {
      embeddedBoard.invokeHeartbeat(agent); // a timer: an agent that was paused has missed wakes
      now(embeddedBoard.createIssue(company, "Anything left, " + agent + "? " + scheduler.now(),
          Map.of("status", "todo", "assigneeAgentId", agent)));
    }
    scheduler.advance(Duration.ofMinutes(20));
  }

  private RunExecution start(RunStartRequest startRequest) {
    if (fleet.isPresent()) {
      return fleet.get().start(startRequest);
    }
    SimulatedProcess process = new SimulatedProcess(scheduler, currentProcess, startRequest.agentId(),
        startRequest.runId());
    scheduler.schedule(seededRandom.startDelay(), () -> process.act(() -> beat(startRequest, process,
        disks.computeIfAbsent(startRequest.agentId(), first -> new SimulatedDisk(currentProcess, seededRandom)))
        .onSuccess(process::exits)));
    return new RunExecution() {
      @Override
      public Future<io.heartbeat4j.embedded.rules.RunExecutionResult> result() {
        return process.exit().map(io.heartbeat4j.embedded.rules.RunExecutionResult::exited);
      }

      @Override
      public void kill() {
        process.kill();
      }

      @Override
      public Future<Void> cancel() {
        process.act(() -> process.cancellation
            .request(new WorkFailure(WorkFailure.Kind.CANCELLED, "The server stopped the run.")));
        scheduler.schedule(Duration.ofSeconds(15), process::kill);
        return process.exit().mapEmpty();
      }
    };
  }

  private Future<Integer> beat(RunStartRequest startRequest, SimulatedProcess process, Storage storage) {
    PaperclipClient server = PaperclipClient.withTransport(
        new SimulatedNetwork(process, rules, scheduler, seededRandom, faultCoverage, sent, late)::send,
        SimulatedProcess.current(scheduler, currentProcess),
        ServerUrl.of(URL), ClientOptions.defaults().withRandom(seededRandom.random()));
    server = server.writingWhile(process::mayWrite);
    Map<String, String> environment = new HashMap<>(startRequest.environment());
    Optional.ofNullable(keys.get(startRequest.agentId())).ifPresent(key -> environment.put("PAPERCLIP_API_KEY", key));
    WakeRequest request = EnvironmentWakeReader.read(environment);
    AgentSetup setup = new AgentSetup(
        () -> new SimulatedWorker(seededRandom, performed, team, issues), LIMITS,
        new AgentMemory(storage, Path.of("."), warnings::add), Path.of("."));
    return heartbeat.run(server, request, setup, process.cancellation).transform(outcome -> {
      trace(() -> scheduler.now() + " run " + startRequest.runId() + " ends: " + outcome);
      return Future.succeededFuture(outcome.succeeded() ? 0 : 75);
    });
  }

  Instant clock() {
    return scheduler.now();
  }

  JsonNode read(String target) {
    return now(embeddedBoard.read(target));
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  static String id(JsonNode node) {
    return node.path("id").asText();
  }

  /** The rules answer at once, except where a run has to end first. */
  static <T> T now(Future<T> future) {
    if (!future.succeeded()) {
      throw new IllegalStateException("no answer", future.cause());
    }
    return future.result();
  }
}
