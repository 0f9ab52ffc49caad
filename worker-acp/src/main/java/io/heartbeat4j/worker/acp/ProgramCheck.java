package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.acp.agent.AcpAgent;
import io.heartbeat4j.worker.acp.agent.AgentCapabilities;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.acp.rpc.JsonRpcPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts the program and opens a session, without a turn, and tells the operator what it found. */
record ProgramCheck(AcpSettings settings, Program program, Clock clock) {

  /** What a program may ask of us before a turn: nothing. */
  private record NothingOffered() implements JsonRpcPeer {

    @Override
    public JsonNode answer(String method, JsonNode params) throws JsonRpcException {
      throw new JsonRpcException(JsonRpcException.METHOD_NOT_FOUND, "this is a check: there is no method " + method);
    }

    @Override
    public void notified(String method, JsonNode params) {
      // no session is of interest
    }

    @Override
    public void skipped(String why) {
      // kept by the agent for its own message
    }
  }

  List<CheckResult> run() throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("heartbeat-check");
    try {
      if (program.user().isPresent()) {
        program.user().get().giveDirectory(scratch);
      }
      return run(settings.workspace().filter(Files::isDirectory).orElse(scratch), scratch);
    } finally {
      try (Stream<Path> files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private List<CheckResult> run(Path workspace, Path scratch) throws InterruptedException {
    List<CheckResult> found = new ArrayList<>();
    String byHand = "run it by hand: " + String.join(" ", program.preset().command());
    try (AcpAgent agent = AcpAgent.start(program.command(workspace, scratch, scratch.getFileName().toString()),
        () -> false, new NothingOffered(), program.preset().install())) {
      AgentCapabilities can = agent.initialize(program.sharesFiles(), true);
      found.add(CheckResult.passed("program", (can.program().isEmpty() ? settings.programName() : can.program())
          + ", version 1 of the Agent Client Protocol"));
      found.add(CheckResult.passed("capabilities", (can.keepsSessions() ? "goes on with its sessions"
          : "begins each run anew, it keeps no sessions") + ", "
          + (can.takesHttpServers() ? "takes the result tools"
              : "takes no tools over HTTP: its result is a block in its last message")));
      try {
        found.add(CheckResult.passed("login", openSession(agent, can, workspace)));
      } catch (JsonRpcException refused) {
        Exception meaning = new ProviderErrors(settings.programName(), program.preset(), clock).of(refused,
            agent.words());
        found.add(CheckResult.failed("login", "no session opens: " + refused.words(),
            String.valueOf(meaning.getMessage())));
      }
    } catch (SettingsException unusable) {
      found.add(CheckResult.failed("program", String.valueOf(unusable.getMessage()), program.preset().install()));
    } catch (IOException | JsonRpcException failed) {
      found.add(CheckResult.failed("program", String.valueOf(failed.getMessage()), byHand));
    }
    return found;
  }

  private String openSession(AcpAgent agent, AgentCapabilities can, Path workspace)
      throws IOException, InterruptedException, JsonRpcException {
    Optional<String> method = program.authMethod(can);
    if (method.isPresent()) {
      agent.authenticate(method.get());
    }
    agent.newSession(workspace, JsonNodeFactory.instance.arrayNode());
    return "a session opens" + method.map(by -> " (" + by + ")").orElse("")
        + "; whether the provider takes the key, only a turn shows";
  }
}
