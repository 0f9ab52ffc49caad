package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.NewComment;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;

/**
 * At most one comment per log entry. The server deduplicates a comment by its key within one run only (tried on the
 * real server), so a later run looks for the text first.
 */
public final class IdempotentComment {

  private IdempotentComment() {}

  /** Posts the text, unless the thread has it. */
  public static Future<Comment> post(
      HeartbeatContext heartbeat, LogEntry entry, Function<NewComment, Future<Comment>> comment, String words) {
    UUID key = UUID.nameUUIDFromBytes((entry.run() + "/" + entry.issue()).getBytes(StandardCharsets.UTF_8));
    return IdempotentWrite.write(heartbeat, entry, LogEntry.COMMENT, words,
        () -> comment.apply(new NewComment(words, key)),
        () -> heartbeat.session().comments(entry.issue()).map(thread -> thread.stream()
            .filter(each -> each.isBy(heartbeat.self().id()) && each.body().equals(words))
            .findFirst()));
  }
}
