package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.LlmSettings;
import io.heartbeat4j.worker.llm.provider.Model;
import io.heartbeat4j.worker.llm.tool.Approvals;
import io.heartbeat4j.worker.llm.tool.Deeds;
import io.heartbeat4j.worker.llm.tool.Permissions;
import io.heartbeat4j.worker.llm.tool.Repeats;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.Toolbox;
import io.heartbeat4j.worker.llm.tool.file.EditFile;
import io.heartbeat4j.worker.llm.tool.file.Glob;
import io.heartbeat4j.worker.llm.tool.file.Grep;
import io.heartbeat4j.worker.llm.tool.file.ListFiles;
import io.heartbeat4j.worker.llm.tool.file.ReadFile;
import io.heartbeat4j.worker.llm.tool.file.Workspace;
import io.heartbeat4j.worker.llm.tool.file.WriteFile;
import io.heartbeat4j.worker.llm.tool.outside.Fetch;
import io.heartbeat4j.worker.llm.tool.outside.McpServers;
import io.heartbeat4j.worker.llm.tool.outside.RunCommand;
import io.heartbeat4j.worker.llm.tool.outside.ToolEnvironment;
import io.heartbeat4j.worker.llm.tool.paperclip.AskTool;
import io.heartbeat4j.worker.llm.tool.paperclip.CommentTool;
import io.heartbeat4j.worker.llm.tool.paperclip.FinishTool;
import io.heartbeat4j.worker.llm.tool.paperclip.PlanTool;
import io.heartbeat4j.worker.llm.tool.paperclip.ReplyTool;
import io.heartbeat4j.worker.llm.tool.paperclip.Subtasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Puts together what one heartbeat needs: the thread so far, the tools, the limits. Thread-safe. */
public final class Heartbeats {

  private final LlmSettings settings;
  private final Model model;
  private final Permissions permissions;
  private final Prices prices;
  private final ToolEnvironment environment;
  private final Clock clock;
  private final RandomGenerator random;

  public Heartbeats(
      LlmSettings settings, Model model, Permissions permissions, Prices prices, ToolEnvironment environment, Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.model = model;
    this.permissions = permissions;
    this.prices = prices;
    this.environment = environment;
    this.clock = clock;
    this.random = random;
  }

  /** Works on the issue until there is a result. */
  public WorkResult work(WorkContext context) throws IOException, InterruptedException {
    Path place = settings.workspace().or(context::workspace).orElseGet(context::scratch);
    Workspace workspace = Workspace.of(place);
    Path memory = context.isReadOnly() ? context.scratch() : context.state();
    Transcript transcript = Transcript.open(memory, settings.memorySize(), settings.memoryAge(), clock, context::redact,
        Long.toHexString(random.nextLong()));
    Fence fence = new Fence(transcript.nonce(), context::redact);
    List<Colleague> reports = context.isReadOnly() ? List.of() : context.reports();
    Approvals approvals = new Approvals(memory);
    Prompt prompt = new Prompt(context, fence);
    SystemMessage system = SystemMessage.from(
        prompt.system(Instructions.read(context.instructions(), settings.instructions(), workspace.root()), reports));
    tell(context, transcript, prompt, approvals);

    Meter meter = new Meter(context, settings.limits(), settings.model(), prices, clock);
    Deeds deeds = new Deeds(transcript.callsThatWorked());
    Subtasks subtasks = new Subtasks(reports);
    try (McpServers mcp = McpServers.start(context.isReadOnly() ? List.of() : settings.mcp(), environment)) {
      Toolbox toolbox = new Toolbox(context, permissions, approvals, new Repeats(settings.limits().repeats()), deeds,
          tools(context, workspace, mcp, deeds, subtasks));
      Caller caller = new Caller(context, settings.model(), model, clock, system, transcript, meter);
      WorkResult result = new Loop(context, caller, transcript, fence, toolbox, meter, subtasks).run();
      approvals.end();
      context.progress("used: " + meter.words());
      return result;
    }
  }

  private List<Tool> tools(WorkContext context, Workspace workspace, McpServers mcp, Deeds deeds, Subtasks subtasks) {
    Tool read = new ReadFile(workspace);
    Tool grep = new Grep(workspace, path -> permissions.on(read, path) instanceof Permissions.Verdict.Allowed);
    List<Tool> tools = new ArrayList<>(List.of(new ListFiles(workspace), new Glob(workspace), grep, read));
    if (context.isReadOnly()) {
      tools.add(new ReplyTool());
      return tools;
    }
    tools.addAll(List.of(new WriteFile(workspace), new EditFile(workspace), new RunCommand(
        context, workspace.root(), environment, settings.sandbox(), settings.commandTimeout())));
    if (!settings.fetchHosts().isEmpty()) {
      tools.add(new Fetch(settings.fetchHosts()));
    }
    tools.addAll(mcp.tools());
    tools.addAll(List.of(new CommentTool(context), new PlanTool(context)));
    if (!subtasks.isEmptyHanded()) {
      tools.add(subtasks);
    }
    tools.addAll(List.of(new AskTool(subtasks), new FinishTool(subtasks, deeds, settings.trustAnswers(), clock)));
    return tools;
  }

  private static void tell(WorkContext context, Transcript transcript, Prompt prompt, Approvals approvals)
      throws IOException {
    String words = transcript.isNew()
        ? prompt.first()
        : prompt.again(comment -> !transcript.hasSeen(comment.id().toString()) && !comment.isBy(context.self().id()));
    transcript.add(UserMessage.from(words + answerToAsk(context, approvals)));
    transcript.see(context.comments().stream().map(Comment::id).map(Object::toString).toList());
  }

  /** A person was asked to allow a call, and this may be the answer. */
  private static String answerToAsk(WorkContext context, Approvals approvals) throws IOException {
    if (!(context.trigger() instanceof Trigger.Answered answered)) {
      return "";
    }
    Optional<String> call = answered.isAccepted() ? approvals.accept() : approvals.pending();
    return call.map(asked -> answered.isAccepted()
            ? "\n\nThe call that you needed permission for is allowed, once and exactly as it was: " + asked
            : "\n\nThe call that you needed permission for was refused. Do without it: " + asked)
        .orElse("");
  }
}
