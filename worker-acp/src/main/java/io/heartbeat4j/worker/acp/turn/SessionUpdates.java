package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.CurrentRun;
import io.heartbeat4j.worker.agent.TextTruncator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the program tells of a turn: text, tool calls, plans. They become the run's progress; the text behind the last
 * tool call is the turn's last word. Updates outside a turn, such as those of a session that is loaded, are left out.
 * Thread-safe.
 */
public final class SessionUpdates {

  private static final int MOST_TEXT = 20_000;
  private static final int MOST_LINES = 2000;
  private static final int MOST_CALLS = 10_000;
  private static final int WIDTH = 300;

  private final CurrentRun run;
  private final UsageTracker usage;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private String messageId = "";
  private boolean listening;
  private int lines;
  private final Map<String, String> titles = new HashMap<>();
  private final Set<String> completed = new HashSet<>();

  public SessionUpdates(CurrentRun run, UsageTracker usage) {
    this.run = run;
    this.usage = usage;
  }

  synchronized void startTurn() {
    listening = true;
    text.setLength(0);
    line.setLength(0);
    messageId = "";
  }

  synchronized void accept(JsonNode update) {
    if (!listening) {
      return;
    }
    usage.update(update);
    switch (update.path("sessionUpdate").asText()) {
      case "agent_message_chunk" -> addText(update.path("content").path("text").asText(""),
          update.path("messageId").asText(messageId));
      case "agent_thought_chunk" -> show(update.path("content").path("text").asText(""));
      case "tool_call" -> {
        startMessage();
        count(update);
      }
      case "tool_call_update" -> {
        startMessage();
        count(update);
        if (update.path("status").asText().equals("failed")) {
          showLine("failed: " + update.path("title").asText(update.path("toolCallId").asText()));
        }
      }
      case "plan" -> update.path("entries").forEach(entry -> showLine(
          "plan: [" + entry.path("status").asText("pending") + "] " + entry.path("content").asText()));
      default -> {
        // of another version, or nothing for the run's log
      }
    }
  }

  /** Where a program has asked for permission, an update may be the first that is told of the call. */
  private void count(JsonNode update) {
    String title = update.path("title").asText(update.path("_meta").path("toolName").asText(
        update.path("kind").asText("a tool")));
    String id = update.path("toolCallId").asText();
    if (titles.size() < MOST_CALLS && titles.putIfAbsent(id, title) == null) {
      showLine("> " + title);
    }
    if (update.path("status").asText().equals("completed") && completed.size() < MOST_CALLS
        && !RequestedCall.isResultTool(titles.getOrDefault(id, title))) {
      completed.add(id);
    }
  }

  private void addText(String piece, String id) {
    if (!id.equals(messageId)) {
      startMessage();
      messageId = id;
    }
    if (text.length() < MOST_TEXT) {
      text.append(piece, 0, Math.min(piece.length(), MOST_TEXT - text.length()));
    }
    show(piece);
  }

  private void startMessage() {
    flushLine();
    text.setLength(0);
  }

  private void show(String piece) {
    for (char c : TextTruncator.cutEnd(piece, MOST_TEXT).toCharArray()) {
      if (c == '\n') {
        flushLine();
      } else if (line.length() <= WIDTH) {
        line.append(c);
      }
    }
  }

  private void flushLine() {
    showLine(line.toString());
    line.setLength(0);
  }

  private void showLine(String words) {
    if (!words.isBlank() && lines <= MOST_LINES) {
      run.reportProgress(lines++ < MOST_LINES
          ? TextTruncator.cutEnd(words.strip().replaceAll("\\s+", " "), WIDTH)
          : "(more of the agent's output is not shown)");
    }
  }

  /** What the agent said last in this turn; empty where it said nothing behind its last tool call. */
  public synchronized String lastWords() {
    return text.toString().strip();
  }

  /** How many tool calls have worked, without those of our own tools. */
  public synchronized int toolCalls() {
    return completed.size();
  }

  synchronized void endTurn() {
    flushLine();
    listening = false;
  }
}
