package io.heartbeat4j.worker.llm.tool;

import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.permission.ToolCallApprovalStore;
import io.heartbeat4j.worker.agent.ToolCallException;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Executes the tool calls of one heartbeat, after checking the permissions. For one thread. */
public final class ToolExecutor {

  private static final int SHOWN = 160;

  private final WorkContext context;
  private final PermissionPolicy permissionPolicy;
  private final ToolCallApprovalStore toolCallApprovalStore;
  private final RepeatedCallDetector repeatedCallDetector;
  private final ToolCallLog callLog;
  private final BeforeChange beforeChange;
  private final Map<String, Tool> tools = new LinkedHashMap<>();

  /** Called before each call that may change files. */
  public interface BeforeChange {
    void run() throws Exception;
  }

  public ToolExecutor(
      WorkContext context, PermissionPolicy permissionPolicy, ToolCallApprovalStore toolCallApprovalStore,
      RepeatedCallDetector repeatedCallDetector, ToolCallLog toolCallLog,
      BeforeChange beforeChange, List<? extends Tool> tools) {
    this.context = context;
    this.permissionPolicy = permissionPolicy;
    this.toolCallApprovalStore = toolCallApprovalStore;
    this.repeatedCallDetector = repeatedCallDetector;
    this.callLog = toolCallLog;
    this.beforeChange = beforeChange;
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  public List<ToolSpecification> specifications() {
    return tools.values().stream().map(Tool::specification).toList();
  }

  /** What was really done so far. */
  public ToolCallLog callLog() {
    return callLog;
  }

  /** Whether the model makes the same call over and over. */
  public boolean isStuck() {
    return repeatedCallDetector.isStuck();
  }

  /** Whether the work would end with the call. */
  public boolean endsWork(ToolExecutionRequest request) {
    Tool tool = tools.get(request.name());
    return tool != null && tool.effect() == Tool.Effect.ENDS;
  }

  /**
   * Does a call, or says why not.
   *
   * @param endingOnly whether a limit is reached, so that only a call that ends the work is done
   */
  public ToolResult call(ToolExecutionRequest request, boolean endingOnly) throws InterruptedException {
    Tool tool = tools.get(request.name());
    if (tool == null) {
      return new ToolResult.Failed("there is no tool '" + request.name() + "'. The tools are: "
          + String.join(", ", tools.keySet()) + ".");
    }
    if (endingOnly && tool.effect() != Tool.Effect.ENDS) {
      return new ToolResult.Failed("not done: a limit is reached. Only finish is left.");
    }
    try {
      ToolArguments toolArguments = ToolArguments.of(request.arguments(), tool.specification());
      context.run().reportProgress(shown(tool.logLine(toolArguments)).strip());
      if (!repeatedCallDetector.mayCall(tool, toolArguments)) {
        return new ToolResult.Failed("not done: this very call was made before with the same result, and nothing has"
            + " changed since. Do something else, or finish.");
      }
      ToolResult result = checkAndExecute(tool, toolArguments);
      repeatedCallDetector.add(tool, toolArguments, result);
      return result;
    } catch (ToolCallException wrong) {
      return failed(tool, wrong);
    }
  }

  private ToolResult checkAndExecute(Tool tool, ToolArguments toolArguments) throws InterruptedException {
    String subject = tool.subject(toolArguments);
    try {
      return switch (permissionPolicy.decide(tool.name(), tool.isAllowedByDefault(), subject)) {
        case PermissionPolicy.Verdict.Allowed allowed -> execute(tool, subject, toolArguments);
        case PermissionPolicy.Verdict.AskFirst ask -> toolCallApprovalStore.consumeGrant(call(tool, toolArguments))
            ? execute(tool, subject, toolArguments)
            : askForPermission(tool, subject, toolArguments, ask.rule());
        case PermissionPolicy.Verdict.Denied denied -> deny(tool, subject, denied.why());
      };
    } catch (InterruptedException | CancellationException stopped) {
      throw stopped;
    } catch (Exception failed) {
      return failed(tool, failed);
    }
  }

  private ToolResult execute(Tool tool, String subject, ToolArguments toolArguments) throws Exception {
    if (tool.changesFiles()) {
      beforeChange.run();
    }
    ToolResult toolResult = tool.call(toolArguments);
    callLog.add(tool, subject, toolResult);
    return toolResult;
  }

  private ToolResult deny(Tool tool, String subject, String why) {
    context.run().reportProgress("denied: " + tool.name() + shown(subject) + " (" + why + ")");
    context.run().logger().warn("denied: {}{}: {}", tool.name(), context.run().redact(shown(subject)), why);
    callLog.denied(tool, subject);
    return new ToolResult.Failed("not permitted: " + why + ". Do without it; what needs it is for a person to do.");
  }

  /** The card that a person answers; the answer wakes the agent, and the transcript goes on from here. */
  private ToolResult askForPermission(Tool tool, String subject, ToolArguments toolArguments, String rule)
      throws IOException {
    toolCallApprovalStore.recordRequest(call(tool, toolArguments));
    String what = tool.name() + shown(subject);
    return new ToolResult.WorkEnded(new WorkResult.NeedsReview(
        "To go on I need permission for `" + what.replace('`', '\'') + "`.\n\nThe call in full:\n\n```json\n"
            + toolArguments.json().replace("```", "'''") + "\n```\n\nThe operator's rule '" + rule
            + "' has a person decide."
            + "\n\nSo far:\n" + callLog.describe(),
        new ReviewPath.Card(
            new Question.Confirmation("Allow it?", "May " + context.company().self().name() + " do this once: "
                + what + "?"))));
  }

  private static String call(Tool tool, ToolArguments toolArguments) {
    return tool.name() + " " + toolArguments.canonical();
  }

  private static String shown(String subject) {
    String line = subject.strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? "" : " " + (line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
  }

  private ToolResult failed(Tool tool, Exception failed) {
    String why = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    context.run().reportProgress("failed: " + tool.name() + shown(why));
    return new ToolResult.Failed(tool.name() + " failed:", why);
  }
}
