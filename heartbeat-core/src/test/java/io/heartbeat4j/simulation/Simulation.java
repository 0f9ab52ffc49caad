package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.multibindings.Multibinder;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.Paperclip;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.Board;
import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Ids;
import io.heartbeat4j.embedded.rules.PaperclipRules;
import io.heartbeat4j.embedded.rules.RulesOptions;
import io.heartbeat4j.embedded.rules.RunOrder;
import io.heartbeat4j.embedded.rules.VirtualTime;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.memory.FileAgentMemory;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** One seed: a small company works through an hour of trouble, and then has an hour without any to settle all of it. */
final class Simulation {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String URL = "http://simulated";
  private static final WorkLimits LIMITS =
      new WorkLimits(Duration.ofMinutes(5), Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO);

  final List<Sent> sent = new ArrayList<>();
  final List<SimulatedWorker.Performed> performed = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();
  final List<String> issues = new ArrayList<>();
  final List<String> team = new ArrayList<>();
  final Map<String, SimulatedDisk> disks = new HashMap<>();
  final Board board;
  String company = "";

  private final VirtualTime time = new VirtualTime(START);
  private final SimulatedProcess.Running running = new SimulatedProcess.Running();
  private final Chance chance;
  private final Tally tally;
  private final PaperclipRules rules;
  private final Heartbeat heartbeat;
  private final SimulatedBoard people;

  private Simulation(long seed, Tally tally) {
    this.tally = tally;
    this.chance = new Chance(seed, tally, running);
    this.rules = new PaperclipRules(time, Ids.counting(), this::start, RulesOptions.defaults().apiUrl(URL));
    this.board = Board.over(rules);
    this.people = new SimulatedBoard(board, chance, time);
    this.heartbeat = Guice.createInjector(new HeartbeatModule(
        SimulatedProcess.current(time, running), SimulatedWorker.threads(running, chance), Redactor.of(List.of())), tracing())
        .getInstance(Heartbeat.class);
  }

  private static final boolean TRACE = Boolean.getBoolean("simulation.trace");

  /** With {@code -Dsimulation.trace=true} a seed that is played again tells what happens in it. */
  private static AbstractModule tracing() {
    return new AbstractModule() {
      @Override
      protected void configure() {
        if (TRACE) {
          Multibinder.newSetBinder(binder(), HeartbeatListener.class).addBinding().toInstance(event -> trace(() -> event));
        }
      }
    };
  }

  static void trace(Supplier<Object> what) {
    if (TRACE) {
      System.out.println(what.get());
    }
  }

  /** Plays a seed to its end; the violations of the invariants, none if all is well. */
  static List<String> play(long seed, Tally tally) {
    Simulation simulation = new Simulation(seed, tally);
    simulation.play();
    if (TRACE) {
      list(simulation.read("/api/companies/" + simulation.company + "/heartbeat-runs")).forEach(run -> trace(() -> run));
      simulation.team.forEach(agent -> trace(() -> now(simulation.board.readAgent(agent))));
    }
    return new Invariants(simulation).violations();
  }

  private void play() {
    found();
    people.actFor(Duration.ofMinutes(60), this);
    time.advance(Duration.ofMinutes(60));
    chance.stopFaults();
    time.advance(Duration.ofMinutes(20));
    for (int round = 0; round < 4; round++) {
      wakeEverybody();
      time.advance(Duration.ofMinutes(20));
      people.answerEverything(this);
      time.advance(Duration.ofMinutes(20));
    }
  }

  private void found() {
    company = id(now(board.company("Simulated")));
    String goal = id(now(board.goal(company, "Ship")));
    String manager = id(now(board.agent(company, "Cora", Map.of())));
    team.add(manager);
    team.add(id(now(board.agent(company, "Wren", Map.of("reportsTo", manager)))));
    team.add(id(now(board.agent(company, "Pia", Map.of("reportsTo", manager)))));
    for (int i = 0; i < 2 + chance.upTo(3); i++) {
      issues.add(id(now(board.issue(company, "Issue " + i,
          Map.of("status", "todo", "assigneeAgentId", chance.oneOf(team), "goalId", goal)))));
    }
  }

  /** A live run of each agent: the first thing that reaches what a crash has left. */
  private void wakeEverybody() {
    for (String agent : team) {
      now(board.issue(company, "Anything left, " + agent + "? " + time.now(), Map.of("status", "todo", "assigneeAgentId", agent)));
    }
  }

  private Execution start(RunOrder order) {
    SimulatedProcess process = new SimulatedProcess(time, running, order.agentId(), order.runId());
    time.after(chance.start(), () -> process.act(() -> beat(order, process)));
    return new Execution() {
      @Override
      public Future<io.heartbeat4j.embedded.rules.Outcome> outcome() {
        return process.exit().map(io.heartbeat4j.embedded.rules.Outcome::exit);
      }

      @Override
      public void kill() {
        process.kill();
      }

      @Override
      public Future<Void> cancel() {
        process.act(() -> process.cancellation.request("the server stopped the run"));
        time.after(Duration.ofSeconds(15), process::kill);
        return process.exit().mapEmpty();
      }
    };
  }

  private void beat(RunOrder order, SimulatedProcess process) {
    Paperclip server = Paperclip.over(
        new SimulatedWire(process, rules, time, chance, tally, sent)::send, SimulatedProcess.current(time, running),
        ServerUrl.of(URL), ClientOptions.defaults().withRandom(chance.random()));
    SimulatedDisk disk = disks.computeIfAbsent(order.agentId(), first -> new SimulatedDisk(running, chance));
    WakeRequest request = EnvironmentWakeReader.read(order.environment());
    AgentSetup setup = new AgentSetup(
        () -> new SimulatedWorker(chance, performed, team, issues), LIMITS,
        FileAgentMemory.in(disk, Path.of("."), warnings::add), Path.of("."));
    heartbeat.run(server, request, setup, process.cancellation)
        .onComplete(outcome -> {
          trace(() -> time.now() + " run " + order.runId() + " ends: " + outcome);
          process.exits(outcome.succeeded() ? 0 : 75);
        });
  }

  Instant clock() {
    return time.now();
  }

  JsonNode read(String target) {
    return now(board.read(target));
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
