package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.protocol.Document;
import io.heartbeat4j.protocol.DocumentWrite;
import io.heartbeat4j.protocol.NewComment;
import io.vertx.core.Future;
import java.util.UUID;

/** The acts on the held issue that a worker may ask for in the middle of its work. Nothing here changes the status. */
public interface InWorkActions {

  Future<Void> comment(String body);

  Future<Document> putDocument(String key, DocumentWrite document);

  static InWorkActions on(IssueLease lease) {
    return new InWorkActions() {
      @Override
      public Future<Void> comment(String body) {
        return lease.comment(new NewComment(body, UUID.randomUUID())).mapEmpty();
      }

      @Override
      public Future<Document> putDocument(String key, DocumentWrite document) {
        return lease.putDocument(key, document);
      }
    };
  }
}
