package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.redaction.Redactor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A plugin's logger for one call: each message starts with agent, run and issue, and secrets are masked. All calls
 * share the logger {@code worker}, whose level applies; a logger for each run would stay in memory for ever.
 */
final class WorkerLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;
  private static final Logger TARGET = LoggerFactory.getLogger("worker");

  private final String prefix;
  private final transient Redactor redactor;

  WorkerLogger(String prefix, Redactor redactor) {
    this.name = TARGET.getName();
    this.prefix = prefix;
    this.redactor = redactor;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, @Nullable Marker marker, @Nullable String message, Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    String text = MessageFormatter.basicArrayFormat(message, arguments);
    TARGET.makeLoggingEventBuilder(level).setCause(thrown).log(prefix + redactor.redact(String.valueOf(text)));
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return TARGET.isTraceEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return TARGET.isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return TARGET.isInfoEnabled();
  }

  @Override
  public boolean isWarnEnabled() {
    return TARGET.isWarnEnabled();
  }

  @Override
  public boolean isErrorEnabled() {
    return TARGET.isErrorEnabled();
  }
}
