package io.heartbeat4j.worker.llm.tool;

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

/** The tools of one heartbeat, behind the permissions. For one thread. */
public final class Toolbox {

  private static final int SHOWN = 160;

  private final WorkContext context;
  private final Permissions permissions;
  private final Approvals approvals;
  private final Repeats repeats;
  private final Deeds deeds;
  private final Map<String, Tool> tools = new LinkedHashMap<>();

  public Toolbox(
      WorkContext context, Permissions permissions, Approvals approvals, Repeats repeats, Deeds deeds,
      List<? extends Tool> tools) {
    this.context = context;
    this.permissions = permissions;
    this.approvals = approvals;
    this.repeats = repeats;
    this.deeds = deeds;
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  public List<ToolSpecification> specifications() {
    return tools.values().stream().map(Tool::specification).toList();
  }

  /** What was really done so far. */
  public Deeds deeds() {
    return deeds;
  }

  /** Whether the model makes the same call over and over. */
  public boolean isGoingRound() {
    return repeats.isHopeless();
  }

  /** Whether the work would end with the call. */
  public boolean ends(ToolExecutionRequest request) {
    Tool tool = tools.get(request.name());
    return tool != null && tool.effect() == Tool.Effect.ENDS;
  }

  /**
   * Does a call, or says why not.
   *
   * @param endingOnly whether a limit is reached, so that only a call that ends the work is done
   */
  public Answer call(ToolExecutionRequest request, boolean endingOnly) throws InterruptedException {
    Tool tool = tools.get(request.name());
    if (tool == null) {
      return new Answer.Failed("there is no tool '" + request.name() + "'. The tools are: "
          + String.join(", ", tools.keySet()) + ".");
    }
    if (endingOnly && tool.effect() != Tool.Effect.ENDS) {
      return new Answer.Failed("not done: a limit is reached. Only finish is left.");
    }
    try {
      Arguments arguments = Arguments.of(request.arguments(), tool.specification());
      String subject = tool.subject(arguments);
      context.progress("> " + tool.name() + shown(subject));
      if (!repeats.mayCall(tool, arguments)) {
        return new Answer.Failed("not done: this very call was made before, and nothing has changed since. Do something"
            + " else, or finish.");
      }
      return switch (permissions.on(tool, subject)) {
        case Permissions.Verdict.Allowed allowed -> done(tool, subject, arguments);
        case Permissions.Verdict.AskFirst ask -> approvals.isGranted(call(tool, arguments))
            ? done(tool, subject, arguments)
            : ask(tool, subject, arguments, ask.rule());
        case Permissions.Verdict.Denied denied -> denied(tool, subject, denied.why());
      };
    } catch (InterruptedException | CancellationException stopped) {
      throw stopped;
    } catch (Exception failed) {
      return new Answer.Failed(request.name() + " failed: " + words(failed));
    }
  }

  private Answer done(Tool tool, String subject, Arguments arguments) throws Exception {
    Answer answer = tool.call(arguments);
    deeds.add(tool, subject, answer);
    return answer;
  }

  private Answer denied(Tool tool, String subject, String why) {
    context.progress("denied: " + tool.name() + shown(subject) + " (" + why + ")");
    context.logger().warn("denied: {}{}: {}", tool.name(), context.redact(shown(subject)), why);
    deeds.denied(tool, subject);
    return new Answer.Failed("not permitted: " + why + ". Do without it; what needs it is for a person to do.");
  }

  /** The card that a person answers; the answer wakes the agent, and the transcript goes on from here. */
  private Answer ask(Tool tool, String subject, Arguments arguments, String rule) throws IOException {
    approvals.ask(call(tool, arguments));
    String what = tool.name() + shown(subject);
    return new Answer.Ended(new WorkResult.NeedsReview(
        "To go on I need permission for `" + what.replace('`', '\'') + "`.\n\nThe call in full:\n\n```json\n"
            + arguments.json().replace("```", "'''") + "\n```\n\nThe operator's rule '" + rule + "' has a person decide."
            + "\n\nSo far:\n" + deeds.words(),
        new ReviewPath.Card(new Question.Confirmation("Allow it?", "May " + context.self().name() + " do this once: "
            + what + "?"))));
  }

  private static String call(Tool tool, Arguments arguments) {
    return tool.name() + " " + arguments.canonical();
  }

  private static String shown(String subject) {
    String line = subject.strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? "" : " " + (line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
  }

  private static String words(Exception failed) {
    return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
  }
}
