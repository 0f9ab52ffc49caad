package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.acp.agent.AcpAgent;
import io.heartbeat4j.worker.acp.agent.AgentCapabilities;
import io.heartbeat4j.worker.acp.agent.AgentFailedException;
import io.heartbeat4j.worker.acp.mcp.McpServer;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.acp.turn.AgentClient;
import io.heartbeat4j.worker.acp.turn.PermissionChecker;
import io.heartbeat4j.worker.acp.turn.ResultTools;
import io.heartbeat4j.worker.acp.turn.SessionUpdates;
import io.heartbeat4j.worker.acp.turn.TurnRunner;
import io.heartbeat4j.worker.acp.turn.UsageTracker;
import io.heartbeat4j.worker.agent.InstructionsReader;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.permission.ToolCallApprovalStore;
import io.heartbeat4j.worker.agent.verify.ClosingComment;
import io.heartbeat4j.worker.agent.verify.Verification;
import io.heartbeat4j.worker.agent.verify.VerificationPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.concurrent.CancellationException;

/** One run of the program on one issue: its process, its session, and what is kept of it. For one thread. */
final class IssueRun {

  /** How long the first turn waits for a program that connects to our tools beside it. */
  private static final Duration TOOLS_LIMIT = Duration.ofSeconds(5);

  private final WorkContext context;
  private final AcpSettings settings;
  private final Program program;
  private final McpServer server;
  private final Clock clock;
  private final ConfinedWorkspace workspace;
  private final Path memory;
  private final List<AgentView> reports;
  private final SessionOpener opener;
  private final ResultTools tools;
  private final ToolCallApprovalStore approvals;
  private final PermissionChecker permissions;
  private final UsageTracker usage;
  private final SessionUpdates updates;
  private final AgentClient client;
  private final Verification verification;

  private IssueRun(WorkContext context, AcpSettings settings, Program program, PermissionPolicy policy,
      McpServer server, Clock clock, String nonce) throws IOException {
    this.context = context;
    this.settings = settings;
    this.program = program;
    this.server = server;
    this.clock = clock;
    this.workspace = ConfinedWorkspace.of(settings.workspace().or(context.workspace()::directory)
        .orElseGet(context.workspace()::scratchDirectory));
    this.memory = context.isReadOnly() ? context.workspace().scratchDirectory() : context.workspace().stateDirectory();
    this.reports = context.isReadOnly() ? List.of() : context.company().reports();
    this.opener = new SessionOpener(context, workspace.root(), String.join(" ", program.preset().command()), memory,
        settings.sessionAge(), clock, nonce);
    this.tools = new ResultTools(context, reports, clock);
    this.approvals = new ToolCallApprovalStore(memory);
    PermissionPolicy all = policy.withInstructions(
        InstructionsReader.places(settings.instructions(), workspace.root()));
    this.permissions = new PermissionChecker(context, workspace, all, approvals);
    this.usage = new UsageTracker(context.usage(), settings.programName(), settings.model().orElse("default"),
        ModelPriceTable.onlyOf(settings.prices()));
    this.updates = new SessionUpdates(context.run(), usage);
    this.client = new AgentClient(context.run(), workspace, permissions, updates);
    WorkspaceShell shell = program.shell(context, workspace.root());
    this.verification = new Verification(isOwnWork()
        ? VerificationPlan.of(settings.verify(), workspace.root(),
            command -> all.decide("run", false, command) instanceof PermissionPolicy.Verdict.Allowed)
        : VerificationPlan.NONE, shell, settings.commandTimeout(), settings.corrections(), clock, memory);
  }

  static IssueRun prepare(WorkContext context, AcpSettings settings, Program program, PermissionPolicy policy,
      McpServer server, Clock clock, String nonce) throws IOException {
    return new IssueRun(context, settings, program, policy, server, clock, nonce);
  }

  private boolean isOwnWork() {
    return !context.isReadOnly() && context.review().isEmpty();
  }

  /** Works on the issue until there is a result; no process is left then. */
  WorkResult perform() throws Exception {
    WorkResult result;
    try (AcpAgent agent = AcpAgent.start(program.command(workspace.root(),
        context.workspace().scratchDirectory(), context.run().id().toString()),
        context.run().cancellation()::isRequested, client, program.preset().install());
        McpServer.Endpoint endpoint = server.offer(tools)) {
      try {
        result = perform(agent, endpoint);
      } catch (JsonRpcException refused) {
        throw new ProviderErrors(settings.programName(), program.preset(), clock).of(refused, agent.words());
      }
    }
    approvals.endHeartbeat();
    context.run().reportProgress("used: " + usage.describe());
    if (!isOwnWork()) {
      return result;
    }
    WorkResult closed = ClosingComment.of(result, verification, usage.describe());
    if (closed instanceof WorkResult.Done) {
      verification.forget();
    }
    return closed;
  }

  private WorkResult perform(AcpAgent agent, McpServer.Endpoint endpoint)
      throws IOException, InterruptedException, JsonRpcException {
    AgentCapabilities capabilities = agent.initialize(program.sharesFiles(), !context.isReadOnly());
    context.run().reportProgress("agent: " + settings.programName() + " " + capabilities.program());
    Optional<String> method = program.authMethod(capabilities);
    if (method.isPresent()) {
      agent.authenticate(method.get());
    }
    ArrayNode servers = JsonNodeFactory.instance.arrayNode();
    if (capabilities.takesHttpServers()) {
      servers.add(endpoint.toJson("heartbeat"));
    }
    SessionOpener.Session session = opener.open(agent, capabilities, servers,
        InstructionsReader.read(context.company().instructions(), settings.instructions(), workspace.root()), reports);
    context.run().reportSession(session.id());
    client.useSession(session.id());
    usage.continueFrom(session.usd());
    SessionChoices.make(agent, session, settings, program.preset());
    if (capabilities.takesHttpServers() && !endpoint.awaitListed(TOOLS_LIMIT)) {
      context.run().reportProgress("tools: the program has not asked for them yet");
    }
    return work(agent, session, endpoint::isListed);
  }

  private WorkResult work(AcpAgent agent, SessionOpener.Session session, BooleanSupplier hasTools)
      throws IOException, InterruptedException, JsonRpcException {
    TurnRunner turns = new TurnRunner(agent, session.id(), permissions, updates, usage,
        context.run().cancellation()::isRequested, settings.grace());
    ResultLoop loop = new ResultLoop(context, turns, tools, updates, usage, verification,
        settings.trustAnswers() || session.toolCalls() > 0, hasTools);
    if (isOwnWork()) {
      verification.beforeChange();
    }
    boolean intact = false;
    try {
      WorkResult result = loop.run(session.opening() + approvals.takeAnswer(context.thread().trigger()));
      intact = true;
      return result;
    } catch (CancellationException stopped) {
      intact = true;
      throw stopped;
    } catch (AgentFailedException failed) {
      throw new AgentFailedException(failed.getMessage() + loop.soFar());
    } finally {
      keep(session, intact, loop.lastWords());
    }
  }

  /** @param intact whether the session can be gone on with: one in which the program has failed is not */
  private void keep(SessionOpener.Session session, boolean intact, String lastWords) throws IOException {
    new SessionRecord(intact ? session.id() : "", String.join(" ", program.preset().command()),
        workspace.root().toString(), session.nonce(), session.beganAt(),
        context.thread().comments().stream().map(CommentView::id).map(Object::toString).toList(),
        session.issue(), usage.sessionUsd(), session.toolCalls() + updates.toolCalls(),
        context.run().redact(lastWords)).write(memory);
  }
}
