package io.heartbeat4j.worker.acp.turn;

import io.heartbeat4j.worker.acp.mcp.McpTool;
import java.util.List;

/** What the model is told of the tools for its result. */
final class ResultToolList {

  static final McpTool REPLY = new McpTool("reply",
      "Ends this. The issue is somebody else's: say one thing, or leave the text out to say nothing.")
      .optionalText("text", "the comment");

  private ResultToolList() {}

  static List<McpTool> forWork(boolean reviewing) {
    McpTool finish = new McpTool("finish", reviewing
        ? "Ends your review. done approves the work; request_changes gives it back to the one who did it."
        : "Ends your work on the issue. done where it is fully done; needs_review where a person should look first;"
            + " later where only time helps.")
        .oneOf("status", "how it ends", reviewing
            ? List.of("done", "request_changes", "needs_review", "later")
            : List.of("done", "needs_review", "later"))
        .text("summary", "the comment that people read: what you did, what you found, what is left")
        .optionalText("question", "needs_review: what the person decides, as a yes-or-no question")
        .optionalNumber("minutes", "later: when to come back");
    McpTool block = new McpTool("block", "Ends your work for now, because it can't go on.")
        .text("reason", "the comment: what is blocked, and why")
        .oneOf("who", "who acts next", List.of("manager", "answer", "subtasks"))
        .optionalText("request", "what the manager is to do, or the yes-or-no question to be answered");
    McpTool ask = new McpTool("ask",
        "Asks the people behind the issue one question on a card, and waits: your work ends"
            + " for now, and goes on with the answer. Without options it is a yes-or-no question.")
        .text("question", "the question")
        .text("summary", "the comment beside the card: what you found, and why you ask")
        .optionalTexts("options", "2 to 8 answers to choose from");
    McpTool comment = new McpTool("comment", "Comments on the issue now. Only for what people need before you are done:"
        + " the summary of finish is a comment too.")
        .text("text", "Markdown");
    McpTool document = new McpTool("document", "Shows a document of the issue, such as its plan; with text, writes it.")
        .text("key", "such as plan: lower case letters, digits, - and _")
        .optionalText("title", "of a new document")
        .optionalText("text", "Markdown; without it the document is shown");
    return List.of(finish, block, ask, comment, document);
  }

  static McpTool delegate(List<String> reports) {
    return new McpTool("delegate", "Gives a part of the issue to one of your reports. It is created when you end.")
        .oneOf("report", "who does it", reports)
        .text("title", "what to do, in a few words")
        .text("description", "all that the report needs to know: it sees this, not your thread");
  }
}
