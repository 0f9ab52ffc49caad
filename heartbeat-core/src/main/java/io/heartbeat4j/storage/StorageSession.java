package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;

/** A storage opened by one process. All claims of the process end with it. */
public interface StorageSession extends Storage {

  /**
   * Runs the action, on any thread, as soon as the session has lost its claims: work under them has to stop at once.
   * The action must not block: the session claims anew afterwards. Never runs for files, whose claims end only with the
   * process.
   */
  void onClaimsLost(Runnable action);

  /**
   * Whether no other process can have the claims of this one at this moment. Once they are lost it is false until the
   * {@linkplain #onClaimsLost actions} have run. Asked on any thread.
   */
  boolean holdsClaims();

  /**
   * Sends a message to every process that shares the storage, this one included. At most once: a message is lost while
   * a receiver has no connection, so a receiver also looks by itself from time to time.
   *
   * @param topic lower case letters, digits and dashes
   * @param text at most 7,000 bytes in UTF-8
   */
  void publish(String topic, String text);

  /** Receives the messages of a topic, on any thread. */
  void subscribe(String topic, Consumer<String> receiver);

  /** Whether other processes may share this storage. */
  boolean isShared();

  /** The names of the other processes that use this storage now. */
  Future<List<String>> otherProcesses();

  /** Ends all claims, so that others can have them at once, and closes. */
  Future<Void> close();
}
