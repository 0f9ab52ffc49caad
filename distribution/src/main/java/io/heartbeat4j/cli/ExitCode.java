package io.heartbeat4j.cli;

import io.heartbeat4j.client.Forbidden;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;

/**
 * The exit codes of the process. A heartbeat exits with 0 if it wrote the result of the work to the server or had no
 * work, even if the work failed: Paperclip parks the issue of a process with another exit code (contract section 7).
 */
enum ExitCode {
  OK(0, "the heartbeat is settled or idle, or the problem is written to the issue"), WORK_FAILED(1,
      "'heartbeat try' only: the worker failed, or its result could not be recorded as it was meant"), USAGE(64,
          "an argument or a PAPERCLIP_* variable is missing or malformed"), SERVER(69,
              "the server could not be reached, or its answer can't be used"), INTERNAL(70,
                  "an error in heartbeat4j itself"), NOT_SETTLED(75,
                      "an issue is held and the result of its work could not be written to the server"), NOT_ALLOWED(77,
                          "the token is refused, or agent, company and run do not belong together"), CONFIGURATION(78,
                              "the configuration can't be used, and no issue is held to which the problem could be written");

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
      case CommandFailure told -> told.exitCode();
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
