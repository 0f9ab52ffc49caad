package io.heartbeat4j.worker.acp.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/** Our side of a connection: what the other side asks and tells. Thread-safe. */
public interface JsonRpcPeer {

  /**
   * Answers a request, on a virtual thread of its own.
   *
   * @throws JsonRpcException the answer is this error; any other exception becomes {@link
   *     JsonRpcException#INTERNAL_ERROR}
   */
  JsonNode answer(String method, JsonNode params) throws Exception;

  /** Takes a notification, in the order in which they come; what comes next waits for it. */
  void notified(String method, JsonNode params);

  /** A line was left out. */
  void skipped(String why);
}
