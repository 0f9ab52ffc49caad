package io.heartbeat4j.cli;

import io.heartbeat4j.client.Forbidden;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;

/**
 * How the process ends. A heartbeat that could tell the server how the work ended, or had none, ends with 0, also when
 * the work failed: Paperclip parks the issue of a process that ends otherwise (contract section 7).
 */
enum ExitCode {
  OK(0, "the heartbeat is settled or idle, or the issue's trouble has been told to the server"), USAGE(64,
      "an argument or a PAPERCLIP_* variable is missing or malformed"), SERVER(69,
          "the server could not be reached, or its answer can't be used"), INTERNAL(70,
              "an error in heartbeat4j itself"), NOT_SETTLED(75,
                  "an issue is held and the server could not be told how its work ended"), NOT_ALLOWED(77,
                      "the token is refused, or agent, company and run do not belong together"), CONFIGURATION(78,
                          "the configuration can't be used, and no issue is held that could say so");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }

  static ExitCode of(Throwable failure) {
    return switch (failure) {
      case HeartbeatException known -> switch (known.kind()) {
        case BAD_WAKE -> USAGE;
        case NOT_ALLOWED -> NOT_ALLOWED;
        case SERVER -> SERVER;
        case NOT_SETTLED -> NOT_SETTLED;
      };
      case Unauthorized refused -> NOT_ALLOWED;
      case Forbidden refused -> NOT_ALLOWED;
      case io.heartbeat4j.client.PaperclipException other -> SERVER;
      default -> INTERNAL;
    };
  }
}
