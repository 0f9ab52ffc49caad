package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.ServerError;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.UnexpectedResponse;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write without an idempotency key on the server. It is recorded in the write-ahead log before it is sent; after an
 * unclear answer, or after a crash, it is looked for on the server before it is sent again. At most two attempts
 * (contract section 13).
 */
final class IdempotentWrite {

  private static final int ATTEMPTS = 2;

  private IdempotentWrite() {}

  /** A successful answer that does not contain what was written: the result is unclear. */
  static final class UnconfirmedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnconfirmedException() {
      super("the server's answer does not show what was sent");
    }
  }

  /**
   * Sends the write, unless it is found.
   *
   * @param what names it in the entry
   * @param text the comment in it, if there is one
   * @param find looks for it on the server
   */
  static <T> Future<T> write(
      HeartbeatContext heartbeat, LogEntry entry, String what, @Nullable String text, Supplier<Future<T>> send,
      Supplier<Future<Optional<T>>> find) {
    return write(heartbeat, entry, what, text, send, find, written -> Future.succeededFuture());
  }

  /** Keeps what else is to be kept of a confirmed write. */
  interface ConfirmationHandler<T> {
    Future<Void> onConfirmed(T written);
  }

  /** @param remember called once the write is confirmed */
  static <T> Future<T> write(
      HeartbeatContext heartbeat, LogEntry entry, String what, @Nullable String text, Supplier<Future<T>> send,
      Supplier<Future<Optional<T>>> find, ConfirmationHandler<T> remember) {
    return (entry.mayHaveSent(what) ? find(find, null) : Future.succeededFuture(Optional.<T>empty()))
        .compose(found -> found
            .map(Future::succeededFuture)
            .orElseGet(() -> attempt(heartbeat, entry, what, text, send, find, 1)))
        .compose(written -> entry.recordConfirmed(what).compose(noted -> remember.onConfirmed(written)).map(written));
  }

  private static <T> Future<T> attempt(
      HeartbeatContext heartbeat, LogEntry entry, String what, @Nullable String text, Supplier<Future<T>> send,
      Supplier<Future<Optional<T>>> find, int attempt) {
    return entry.recordSending(what, text)
        .compose(noted -> send.get())
        .recover(failure -> {
          if (isUnclear(failure)) {
            return find(find, failure).compose(found -> found
                .map(Future::succeededFuture)
                .orElseGet(() -> attempt < ATTEMPTS
                    ? attempt(heartbeat, entry, what, text, send, find, attempt + 1)
                    : Future.failedFuture(failure)));
          }
          return failure instanceof TransientFailure
              ? entry.recordNotSent(what).compose(noted -> Future.failedFuture(failure))
              : Future.failedFuture(failure);
        });
  }

  /** A failed look-up leaves the result unclear; that is no refusal and no reason for another write. */
  private static <T> Future<Optional<T>> find(Supplier<Future<Optional<T>>> find, @Nullable Throwable sent) {
    return find.get().recover(unread -> Future.failedFuture(new HeartbeatException(
        HeartbeatException.Kind.NOT_SETTLED,
        (sent == null ? "" : sent.getMessage() + "; then ") + unread.getMessage(), sent == null ? unread : sent)));
  }

  private static boolean isUnclear(Throwable failure) {
    return (failure instanceof TransientFailure lostAnswer && lostAnswer.mayHaveBeenProcessed())
        || failure instanceof ServerError
        || (failure instanceof UnexpectedResponse odd && odd.status() / 100 == 2)
        || failure instanceof UnconfirmedException;
  }
}
