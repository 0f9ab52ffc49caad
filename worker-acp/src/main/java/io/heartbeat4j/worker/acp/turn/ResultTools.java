package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.acp.mcp.McpTool;
import io.heartbeat4j.worker.acp.mcp.McpTools;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The protocol's acts as tools, of which the last one is the result of the work. Nothing is written of a result before
 * the work has ended; comments and documents are written at once. Thread-safe.
 */
public final class ResultTools implements McpTools {

  private static final String DONE_DEAL = "Noted. End your turn now, with a short sentence.";

  private final WorkContext context;
  private final List<AgentView> reports;
  private final ResultReader reader;
  private final List<Delegation> delegations = new ArrayList<>();
  private Optional<WorkResult> result = Optional.empty();

  /** @param reports who may get subtasks */
  public ResultTools(WorkContext context, List<AgentView> reports, Clock clock) {
    this.context = context;
    this.reports = List.copyOf(reports);
    this.reader = new ResultReader(context.review().isPresent(), clock);
  }

  @Override
  public List<McpTool> tools() {
    if (context.isReadOnly()) {
      return List.of(ResultToolList.REPLY);
    }
    List<McpTool> tools = new ArrayList<>(ResultToolList.forWork(context.review().isPresent()));
    if (!reports.isEmpty()) {
      tools.add(ResultToolList.delegate(reports.stream().map(AgentView::name).toList()));
    }
    return tools;
  }

  @Override
  public synchronized String call(String name, JsonNode arguments) throws ToolCallException {
    if (result.isPresent()) {
      throw new ToolCallException("the work has ended with an earlier call. End your turn");
    }
    if (tools().stream().noneMatch(tool -> tool.name().equals(name))) {
      throw new ToolCallException("there is no tool '" + name + "'. The tools are: "
          + tools().stream().map(McpTool::name).collect(Collectors.joining(", ")));
    }
    ToolCallArguments given = new ToolCallArguments(arguments);
    return switch (name) {
      case "comment" -> comment(given.text("text"));
      case "document" -> document(given);
      case "delegate" -> delegate(given);
      case "block" -> end(reader.blocked(given, delegations));
      case "ask" -> end(reader.question(given, delegations));
      case "reply" -> end(given.optionalText("text").<WorkResult>map(WorkResult.Reply::new)
          .orElseGet(WorkResult.Nothing::new));
      default -> end(reader.finished(given, delegations));
    };
  }

  private String end(WorkResult ended) {
    result = Optional.of(ended);
    return DONE_DEAL;
  }

  private String comment(String text) {
    context.actions().comment(text);
    return "Commented.";
  }

  private String document(ToolCallArguments given) throws ToolCallException {
    String key = given.text("key");
    Optional<IssueDocument> document = context.actions().document(key);
    Optional<String> text = given.optionalText("text");
    if (text.isEmpty()) {
      return document.map(IssueDocument::body).orElse("There is no document '" + key + "' yet.");
    }
    if (document.isPresent()) {
      context.actions().updateDocument(document.get(), text.get());
    } else {
      context.actions().createDocument(key, given.optionalText("title").orElse(key), text.get());
    }
    return "The document '" + key + "' is written.";
  }

  private String delegate(ToolCallArguments given) throws ToolCallException {
    String name = given.text("report");
    AgentView report = reports.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst()
        .orElseThrow(() -> new ToolCallException("'" + name + "' does not report to you"));
    String title = given.text("title");
    if (delegations.stream().anyMatch(each -> each.title().equals(title))) {
      throw new ToolCallException("there is a subtask '" + title + "' already");
    }
    delegations.add(Delegation.to(report.id(), title, given.text("description")));
    return "Noted for " + report.name()
        + ": it is created when you end. To wait for it, call block with who: subtasks.";
  }

  /** How the agent ended the work; empty where it has not. */
  public synchronized Optional<WorkResult> result() {
    return result;
  }

  /** The subtasks so far. */
  public synchronized List<Delegation> delegations() {
    return List.copyOf(delegations);
  }

  /** Takes the result back: the work goes on. */
  public synchronized void reopen() {
    result = Optional.empty();
  }
}
