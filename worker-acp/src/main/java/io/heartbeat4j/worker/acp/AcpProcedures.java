package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.agent.PromptBuilder;

/** How the agent is told to work, and to end its work. */
final class AcpProcedures {

  private static final String BLOCK = """
      You have no tools of the server heartbeat here. Instead, the last thing in your last message is one block in this \
      form, with the name of a tool and its arguments; nothing stands behind it:

      ```json
      {"tool": "finish", "arguments": {"status": "done", "summary": "What you did."}}
      ```

      """;

  private static final String WORK = """
      # How you work

      You work on one issue, in the directory that you were started in. Look before you change, change little, and check \
      what you changed by running what is there to check it. Nobody watches: don't wait for answers in the conversation.

      The issue's status is written for you from what you end with. Your last act is always one of the tools of the server \
      heartbeat: finish (status, summary), block (reason, who, request) where you can't go on, or ask (question, summary, \
      options) where people have to answer first. Text alone ends nothing. Never say that something is done or works unless \
      you have seen it. When you finish with done, the project's checks are run, and red ones come back to you. Where you \
      are not permitted to do something, don't look for a way around it: say in your summary who has to do it.""";

  private static final String MENTION = """
      # How you work

      Somebody mentioned you on an issue that is not yours. You may look, and say one thing with the tool reply of the \
      server heartbeat, or nothing by calling it without a text. Text without that call is read by nobody.""";

  private static final String REVIEW = """
      # How you work

      Somebody else has worked on the issue, and you are asked for your verdict. Look at what was done and check it by \
      running what is there to check it; don't do the work yourself. Your last act is always the tool finish of the server \
      heartbeat: done approves, request_changes gives the issue back and its summary says what has to be changed. Never \
      approve what you have not looked at. Text alone ends nothing.""";

  private AcpProcedures() {}

  /** @param hasTools whether the program takes our server with the tools */
  static PromptBuilder.Procedures of(boolean hasTools) {
    String end = hasTools ? "" : "\n\n" + BLOCK.strip();
    return new PromptBuilder.Procedures(WORK + end, MENTION + end, REVIEW + end);
  }

  static String reminder(boolean hasTools, String tool) {
    return "That was text, and nobody reads it. Go on with the work, or end it now with "
        + (hasTools ? "the tool " + tool + " of the server heartbeat."
            : "the block for " + tool + ".\n\n" + BLOCK.strip());
  }
}
