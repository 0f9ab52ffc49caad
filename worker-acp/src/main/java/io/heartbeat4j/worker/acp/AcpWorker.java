package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.acp.mcp.McpServer;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Lets the agent's program work on issues, each in a process of its own. */
final class AcpWorker implements Worker {

  private final AcpSettings settings;
  private final Program program;
  private final PermissionPolicy permissions;
  private final Clock clock;
  private final RandomGenerator random;
  private final String account;
  private Optional<McpServer> server = Optional.empty();

  AcpWorker(AcpSettings settings, Program program, PermissionPolicy permissions, Clock clock, RandomGenerator random) {
    this.settings = settings;
    this.program = program;
    this.permissions = permissions;
    this.clock = clock;
    this.random = random;
    this.account = "acp/" + settings.programName();
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    context.usage().providerGate(account).checkOpen();
    try {
      return IssueRun.prepare(context, settings, program, permissions, server(), clock,
          Long.toHexString(random.nextLong())).perform();
    } catch (ProviderUnavailableException unavailable) {
      context.usage().providerGate(account).closeUntil(unavailable.until(), String.valueOf(unavailable.getMessage()));
      throw unavailable;
    }
  }

  @Override
  public List<CheckResult> check() throws IOException, InterruptedException {
    return new ProgramCheck(settings, program, clock).run();
  }

  @Override
  public List<CheckResult> explain(String command) {
    return permissions.explain(command);
  }

  private synchronized McpServer server() throws IOException {
    if (server.isEmpty()) {
      server = Optional.of(McpServer.start(random));
    }
    return server.get();
  }

  @Override
  public Optional<String> providerAccount() {
    return Optional.of(account);
  }

  @Override
  public synchronized void close() {
    server.ifPresent(McpServer::close);
  }
}
