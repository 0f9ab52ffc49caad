package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The adapter as a server tells of it.
 *
 * @param folder where the server loaded it from
 */
record InstalledAdapter(String version, String folder) {

  /** The adapter's type, in the server's API and in its lists. */
  static final String TYPE = "heartbeat4j";

  static final String PATH = "/adapters/" + TYPE;

  /** Empty if the server has none. */
  static Optional<InstalledAdapter> find(BoardSession board) {
    return board.find(PATH)
        .map(told -> new InstalledAdapter(told.path("version").asText("?"), told.path("packageName").asText()));
  }

  /**
   * Has the server ask its host, as the Test button of an agent does, and prints what it says.
   *
   * @return whether no check has failed
   */
  static boolean test(BoardSession board, String company, Map<String, Object> configuration, PrintWriter out) {
    JsonNode result = board.post("/companies/" + company + PATH + "/test-environment",
        Map.of("adapterConfig", configuration));
    for (JsonNode check : result.path("checks")) {
      String hint = check.path("hint").asText("");
      out.println(label(check.path("level").asText()) + check.path("message").asText()
          + (hint.isEmpty() ? "" : " " + hint));
    }
    return !result.path("status").asText().equals("fail");
  }

  private static String label(String level) {
    return switch (level) {
      case "error" -> "PROBLEM  ";
      case "warn" -> "warning  ";
      default -> "ok       ";
    };
  }

  /** The company by its id, name or prefix; the only one if none is named. */
  static JsonNode company(BoardSession board, Optional<String> named) {
    List<JsonNode> all = board.companies();
    List<JsonNode> fitting = named.isEmpty() ? all
        : all.stream().filter(company -> List.of(
            company.path("id").asText(), company.path("name").asText(), company.path("issuePrefix").asText())
            .contains(named.get())).toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    throw new CommandFailure(ExitCode.USAGE, "--company has to name one of: "
        + String.join(", ", all.stream().map(company -> company.path("name").asText()).toList()));
  }
}
