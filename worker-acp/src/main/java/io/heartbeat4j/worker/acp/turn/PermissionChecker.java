package io.heartbeat4j.worker.acp.turn;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy.Verdict;
import io.heartbeat4j.worker.agent.permission.ToolCallApprovalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what the program may do, by the operator's rules. What a person has to decide becomes a card: it is the
 * result of the work, and from then on everything is refused. A yes holds in one run: for a command as it is written,
 * once; for a file by its path, because a model never writes a file twice alike. Thread-safe.
 */
public final class PermissionChecker {

  private static final Set<String> OF_FILES = Set.of("read", "write");
  private static final Set<String> ALLOWED_BY_DEFAULT = Set.of("read", "write", "think");
  private static final int MOST_DETAILS = 4000;
  private static final int SHOWN = 160;

  private final WorkContext context;
  private final ConfinedWorkspace workspace;
  private final PermissionPolicy policy;
  private final ToolCallApprovalStore approvals;
  private final Set<String> granted = new HashSet<>();
  private Optional<WorkResult.NeedsReview> card = Optional.empty();

  public PermissionChecker(WorkContext context, ConfinedWorkspace workspace, PermissionPolicy policy,
      ToolCallApprovalStore approvals) {
    this.context = context;
    this.workspace = workspace;
    this.policy = policy;
    this.approvals = approvals;
  }

  /** Whether the program may do it now. */
  synchronized boolean mayDo(RequestedCall call) throws IOException {
    if (call.isResultTool()) {
      return true;
    }
    if (call.paths().isEmpty()) {
      return mayDo(call.tool(), call.subject(), call.isKnown(), call.details());
    }
    for (String path : call.paths()) {
      if (!mayUse(call.tool(), path, call.details())) {
        return false;
      }
    }
    return true;
  }

  /** Whether the program may read or write a file now. */
  synchronized boolean mayUse(String tool, String path, String details) throws IOException {
    try {
      Path place = workspace.resolve(path);
      return mayDo(tool, place.toString().isEmpty() ? "." : place.toString(), true, details);
    } catch (ToolCallException outside) {
      return refuse(tool, path, String.valueOf(outside.getMessage()));
    }
  }

  private boolean mayDo(String tool, String subject, boolean isKnown, String details) throws IOException {
    if (card.isPresent()) {
      return false;
    }
    if (context.isReadOnly() && !tool.equals("read")) {
      return refuse(tool, subject, "the issue is somebody else's");
    }
    Verdict verdict = policy.decide(tool, ALLOWED_BY_DEFAULT.contains(tool), subject);
    if (verdict instanceof Verdict.Allowed && !isKnown) {
      verdict = new Verdict.AskFirst("the program does not say in full what it wants to do");
    }
    return switch (verdict) {
      case Verdict.Allowed allowed -> true;
      case Verdict.Denied denied -> refuse(tool, subject, denied.why());
      case Verdict.AskFirst ask -> isGranted(tool, subject) || ask(tool, subject, ask.rule(), details);
    };
  }

  /** Some programs ask about a file first, and then have it written: one yes is for both. */
  private boolean isGranted(String tool, String subject) {
    String call = tool + " " + subject;
    boolean now = approvals.consumeGrant(call);
    if (now && OF_FILES.contains(tool)) {
      granted.add(call);
    }
    return now || granted.contains(call);
  }

  private boolean refuse(String tool, String subject, String why) {
    context.run().reportProgress("denied: " + tool + " " + shown(subject) + " (" + why + ")");
    return false;
  }

  private boolean ask(String tool, String subject, String rule, String details) throws IOException {
    approvals.recordRequest(tool + " " + subject);
    String what = tool + " " + shown(subject);
    card = Optional.of(new WorkResult.NeedsReview(
        "To go on I need permission for `" + what.replace('`', '\'') + "`.\n\nThe call in full:\n\n```\n"
            + TextTruncator.cutMiddle(subject + "\n" + details, MOST_DETAILS).replace("```", "'''")
            + "\n```\n\nA person decides: " + rule + ".",
        new ReviewPath.Card(new Question.Confirmation("Allow it?",
            "May " + context.company().self().name() + " do this once: " + what + "?"))));
    return false;
  }

  private static String shown(String subject) {
    return TextTruncator.cutEnd(subject.strip().replaceAll("\\s+", " "), SHOWN);
  }

  /** What a person has to decide before the work goes on. */
  public synchronized Optional<WorkResult.NeedsReview> card() {
    return card;
  }
}
