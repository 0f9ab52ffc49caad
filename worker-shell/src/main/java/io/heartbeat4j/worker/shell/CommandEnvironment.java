package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables that a command sees: an allow-list, what the issue is about, and never a key unless it is asked for.
 */
final class CommandEnvironment {

  private static final List<String> INHERITED = List.of(
      "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM");

  /** Of Paperclip's variables these say where and why, and none of them opens a door. */
  private static final List<String> PAPERCLIP = List.of(
      "PAPERCLIP_API_URL", "PAPERCLIP_WAKE_REASON", "PAPERCLIP_WAKE_COMMENT_ID", "PAPERCLIP_APPROVAL_ID",
      "PAPERCLIP_APPROVAL_STATUS", "PAPERCLIP_LINKED_ISSUE_IDS", "PAPERCLIP_WORKSPACE_CWD");

  private CommandEnvironment() {}

  static Map<String, String> of(
      Map<String, String> host, ShellSettings settings, WorkContext context, Map<String, String> own) {
    Map<String, String> variables = new HashMap<>();
    copy(host, INHERITED, variables);
    copy(host, PAPERCLIP, variables);
    copy(host, settings.inherit(), variables);
    variables.remove("PAPERCLIP_API_KEY");
    variables.remove("PAPERCLIP_RUNTIME_TOOLS_TOKEN");
    if (settings.passApiKey()) {
      copy(host, List.of("PAPERCLIP_API_KEY"), variables);
    }
    variables.put("PAPERCLIP_AGENT_ID", context.company().self().id().toString());
    variables.put("PAPERCLIP_COMPANY_ID", context.company().id().toString());
    variables.put("PAPERCLIP_RUN_ID", context.run().id().toString());
    variables.put("PAPERCLIP_TASK_ID", context.issue().id().toString());
    variables.putAll(settings.environment());
    variables.putAll(own);
    return variables;
  }

  private static void copy(Map<String, String> from, List<String> names, Map<String, String> to) {
    for (String name : names) {
      String value = from.get(name);
      if (value != null) {
        to.put(name, value);
      }
    }
  }
}
