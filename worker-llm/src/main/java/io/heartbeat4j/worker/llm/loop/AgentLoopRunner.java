package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.agent.UntrustedTextMarker;
import io.heartbeat4j.worker.agent.PromptBuilder;
import io.heartbeat4j.worker.agent.InstructionsReader;
import io.heartbeat4j.worker.agent.IssueSnapshot;
import io.heartbeat4j.worker.agent.verify.ClosingComment;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.provider.ModelChain;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.llm.tool.RepeatedCallDetector;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.agent.permission.ToolCallApprovalStore;
import io.heartbeat4j.worker.llm.tool.ToolCallLog;
import io.heartbeat4j.worker.llm.tool.ToolExecutor;
import io.heartbeat4j.worker.llm.tool.external.McpServerConnections;
import io.heartbeat4j.worker.agent.command.ProcessEnvironment;
import io.heartbeat4j.worker.llm.tool.external.RunCommandTool;
import io.heartbeat4j.worker.llm.tool.external.WebFetchTool;
import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.llm.tool.file.EditFileTool;
import io.heartbeat4j.worker.llm.tool.file.GlobTool;
import io.heartbeat4j.worker.llm.tool.file.GrepTool;
import io.heartbeat4j.worker.llm.tool.file.ListFilesTool;
import io.heartbeat4j.worker.llm.tool.file.ReadFileTool;
import io.heartbeat4j.worker.llm.tool.file.WriteFileTool;
import io.heartbeat4j.worker.llm.tool.paperclip.AskQuestionTool;
import io.heartbeat4j.worker.llm.tool.paperclip.CommentTool;
import io.heartbeat4j.worker.llm.tool.paperclip.CreateSubtaskTool;
import io.heartbeat4j.worker.llm.tool.paperclip.FinishTool;
import io.heartbeat4j.worker.llm.tool.paperclip.MentionReplyTool;
import io.heartbeat4j.worker.llm.tool.paperclip.PlanDocumentTool;
import io.heartbeat4j.worker.agent.verify.Verification;
import io.heartbeat4j.worker.agent.verify.VerificationPlan;
import io.heartbeat4j.worker.agent.worktree.IssueWorktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Creates what one heartbeat needs (transcript, tools, limits) and runs the agent loop. Thread-safe. */
public final class AgentLoopRunner {

  private final LlmSettings settings;
  private final ModelChain modelChain;
  private final PermissionPolicy permissionPolicy;
  private final ModelPriceTable modelPriceTable;
  private final ProcessEnvironment environment;
  private final Clock clock;
  private final RandomGenerator random;

  public AgentLoopRunner(
      LlmSettings settings, ModelChain modelChain, PermissionPolicy permissionPolicy,
      ModelPriceTable modelPriceTable, ProcessEnvironment environment, Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.modelChain = modelChain;
    this.permissionPolicy = permissionPolicy;
    this.modelPriceTable = modelPriceTable;
    this.environment = environment;
    this.clock = clock;
    this.random = random;
  }

  /** Works on the issue until there is a result. */
  public WorkResult run(WorkContext context) throws IOException, InterruptedException {
    boolean ownWork = !context.isReadOnly() && context.review().isEmpty();
    Optional<IssueWorktree> worktree = ownWork ? worktree(context) : Optional.empty();
    ConfinedWorkspace confinedWorkspace = ConfinedWorkspace.of(worktree.map(IssueWorktree::directory)
        .or(() -> preparedWorktree(context)).or(settings::workspace).or(context.workspace()::directory)
        .orElseGet(context.workspace()::scratchDirectory));
    Path memory = context.isReadOnly() ? context.workspace().scratchDirectory() : context.workspace().stateDirectory();
    Transcript transcript = Transcript.open(memory, settings.memorySize(), settings.memoryAge(), clock,
        context.run()::redact,
        Long.toHexString(random.nextLong()));
    UntrustedTextMarker untrustedTextMarker = new UntrustedTextMarker(transcript.nonce(), context.run()::redact);
    List<AgentView> reports = context.isReadOnly() ? List.of() : context.company().reports();
    ToolCallApprovalStore toolCallApprovalStore = new ToolCallApprovalStore(memory);
    PromptBuilder promptBuilder = new PromptBuilder(context, untrustedTextMarker, LlmProcedures.ALL);
    SystemMessage system = SystemMessage.from(
        promptBuilder.systemPrompt(
            InstructionsReader.read(context.company().instructions(), settings.instructions(),
                confinedWorkspace.root()),
            reports));
    addOpeningMessage(context, transcript, promptBuilder, toolCallApprovalStore);

    UsageMeter usageMeter = new UsageMeter(context, settings.limits(), modelPriceTable, clock);
    ToolCallLog toolCallLog = new ToolCallLog(transcript.successfulToolCalls());
    CreateSubtaskTool createSubtaskTool = new CreateSubtaskTool(reports);
    WorkspaceShell shell = new WorkspaceShell(context, confinedWorkspace.root(), environment, settings.sandbox());
    RunCommandTool runCommandTool = new RunCommandTool(shell, settings.commandTimeout());
    Verification verification = new Verification(ownWork
        ? VerificationPlan.of(settings.verify(), confinedWorkspace.root(),
            command -> permissionPolicy.decide(runCommandTool.name(), false,
                command) instanceof PermissionPolicy.Verdict.Allowed)
        : VerificationPlan.NONE, shell, settings.commandTimeout(), settings.limits().corrections(), clock, memory);
    try (McpServerConnections mcp = McpServerConnections.start(context.isReadOnly() ? List.of() : settings.mcp(),
        environment)) {
      ToolExecutor toolExecutor = new ToolExecutor(context,
          permissionPolicy.withInstructions(
              InstructionsReader.places(settings.instructions(), confinedWorkspace.root())),
          toolCallApprovalStore,
          new RepeatedCallDetector(settings.limits().repeats(), clock), toolCallLog, verification::beforeChange,
          tools(context, confinedWorkspace, mcp, toolCallLog, createSubtaskTool, runCommandTool, verification));
      ModelCaller modelCaller = new ModelCaller(context, new ModelSelection(context, modelChain), clock, system,
          transcript, usageMeter, summary -> UserMessage.from(promptBuilder.restartMessage(summary)));
      WorkResult result = new AgentLoop(context, modelCaller, transcript, untrustedTextMarker, toolExecutor, usageMeter,
          createSubtaskTool).run();
      toolCallApprovalStore.endHeartbeat();
      context.run().reportProgress("used: " + usageMeter.describe());
      if (!ownWork) {
        return result;
      }
      IssueWorktree.Closed branch = worktree.isPresent() ? worktree.get().close(result)
          : new IssueWorktree.Closed(result, "");
      WorkResult closed = ClosingComment.of(branch.result(), verification, usageMeter.describe(), branch.report());
      if (closed instanceof WorkResult.Done) {
        verification.forget();
      }
      return closed;
    }
  }

  private Optional<IssueWorktree> worktree(WorkContext context) throws IOException, InterruptedException {
    return settings.worktree().isEmpty() || preparedWorktree(context).isPresent() ? Optional.empty()
        : Optional.of(IssueWorktree.open(context, settings.workspace().or(context.workspace()::directory).orElseThrow(
            () -> new SettingsException("worktree needs workspace, a working tree of the git repository")),
            settings.worktree().get(), environment));
  }

  /** Paperclip's own, which stands in for the one of the setting. */
  private Optional<Path> preparedWorktree(WorkContext context) {
    return settings.worktree().flatMap(wanted -> context.workspace().directory())
        .filter(directory -> Files.isRegularFile(directory.resolve(".git")));
  }

  private List<Tool> tools(WorkContext context, ConfinedWorkspace confinedWorkspace, McpServerConnections mcp,
      ToolCallLog toolCallLog, CreateSubtaskTool createSubtaskTool, Tool runCommandTool, Verification verification) {
    Tool read = new ReadFileTool(confinedWorkspace);
    Tool grep = new GrepTool(confinedWorkspace,
        path -> permissionPolicy.decide(read.name(), true, path) instanceof PermissionPolicy.Verdict.Allowed);
    List<Tool> tools = new ArrayList<>(
        List.of(new ListFilesTool(confinedWorkspace), new GlobTool(confinedWorkspace), grep, read));
    if (context.isReadOnly()) {
      tools.add(new MentionReplyTool());
      return tools;
    }
    tools.addAll(List.of(new WriteFileTool(confinedWorkspace), new EditFileTool(confinedWorkspace), runCommandTool));
    if (!settings.fetchHosts().isEmpty()) {
      tools.add(new WebFetchTool(settings.fetchHosts()));
    }
    tools.addAll(mcp.tools());
    tools.addAll(List.of(new CommentTool(context), new PlanDocumentTool(context)));
    if (!createSubtaskTool.hasNoReports()) {
      tools.add(createSubtaskTool);
    }
    tools.addAll(List.of(new AskQuestionTool(createSubtaskTool), new FinishTool(createSubtaskTool, toolCallLog,
        verification, settings.trustAnswers(), context.review().isPresent(), clock)));
    return tools;
  }

  private static void addOpeningMessage(WorkContext context, Transcript transcript, PromptBuilder promptBuilder,
      ToolCallApprovalStore toolCallApprovalStore)
      throws IOException {
    IssueSnapshot issue = IssueSnapshot.of(context);
    String words = transcript.isNew()
        ? promptBuilder.firstMessage()
        : promptBuilder.resumeMessage(transcript.issue(), issue,
            comment -> !transcript.hasSeen(comment.id().toString()) && !comment.isBy(context.company().self().id()));
    transcript.add(UserMessage.from(words + toolCallApprovalStore.takeAnswer(context.thread().trigger())));
    transcript.remember(issue);
    transcript.markSeen(context.thread().comments().stream().map(CommentView::id).map(Object::toString).toList());
  }
}
