package io.heartbeat4j.worker.acp.rpc;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.worker.agent.TextTruncator;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection of JSON-RPC 2.0, a message a line. One virtual thread reads and one writes, so that the other side can
 * hold up neither a caller nor the reader by not reading. What is no message is left out and told. Thread-safe.
 */
public final class JsonRpcConnection {

  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int LONGEST_LINE = 16 * 1024 * 1024;
  private static final int MOST_UNSENT = 1000;
  private static final int MOST_ANSWERED_AT_ONCE = 32;
  private static final int SHOWN = 200;

  private final BoundedLineReader lines;
  private final OutputStream out;
  private final JsonRpcPeer peer;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final BlockingQueue<byte[]> unsent = new LinkedBlockingQueue<>(MOST_UNSENT);
  private final Semaphore answering = new Semaphore(MOST_ANSWERED_AT_ONCE);
  private final CompletableFuture<JsonNode> closed = new CompletableFuture<>();

  private JsonRpcConnection(InputStream in, OutputStream out, JsonRpcPeer peer) {
    this.lines = new BoundedLineReader(in, LONGEST_LINE);
    this.out = out;
    this.peer = peer;
  }

  /** Begins to read and write; ends with either stream. */
  public static JsonRpcConnection open(InputStream in, OutputStream out, JsonRpcPeer peer) {
    JsonRpcConnection connection = new JsonRpcConnection(in, out, peer);
    Thread writer = Thread.startVirtualThread(connection::write);
    Thread.startVirtualThread(() -> {
      connection.read();
      writer.interrupt();
    });
    return connection;
  }

  /** The answer to a request; fails with a {@link JsonRpcException}, or an {@link IOException} where none can come. */
  public CompletableFuture<JsonNode> request(String method, JsonNode params) {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    answer.whenComplete((done, failed) -> asked.remove(id));
    closed.whenComplete((never, why) -> answer.completeExceptionally(why));
    send(message().put("id", id).put("method", method).set("params", params));
    return answer;
  }

  public void notify(String method, JsonNode params) {
    send(message().put("method", method).set("params", params));
  }

  private static ObjectNode message() {
    return JSON.createObjectNode().put("jsonrpc", "2.0");
  }

  private void send(JsonNode message) {
    if (!unsent.offer((message + "\n").getBytes(StandardCharsets.UTF_8))) {
      close(new IOException("it does not read what it is sent"));
    }
  }

  private void write() {
    try {
      while (true) {
        out.write(unsent.take());
        out.flush();
      }
    } catch (IOException gone) {
      close(gone);
    } catch (InterruptedException ended) {
      // the reader has seen the end
    }
  }

  private void close(IOException why) {
    closed.completeExceptionally(why);
  }

  private void read() {
    try {
      for (Optional<BoundedLineReader.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        take(line.get());
      }
      close(new EOFException("its output has ended"));
    } catch (IOException gone) {
      close(gone);
    } catch (InterruptedException ended) {
      close(new IOException("the connection was ended", ended));
    }
  }

  private void take(BoundedLineReader.Line line) throws InterruptedException {
    if (line.isTooLong()) {
      peer.skipped("a line of " + line.length() + " bytes");
      return;
    }
    if (line.text().isBlank()) {
      return;
    }
    JsonNode message;
    try {
      message = JSON.readTree(line.text());
    } catch (IOException malformed) {
      skip(line);
      return;
    }
    String method = message.path("method").asText("");
    if (!message.isObject()) {
      skip(line);
    } else if (method.isEmpty()) {
      takeAnswer(message, line);
    } else if (message.hasNonNull("id")) {
      answer(method, message.path("params"), message.path("id"));
    } else {
      peer.notified(method, message.path("params"));
    }
  }

  private void skip(BoundedLineReader.Line line) {
    peer.skipped("a line that is no message: " + TextTruncator.cutEnd(line.text().strip(), SHOWN));
  }

  private void takeAnswer(JsonNode message, BoundedLineReader.Line line) {
    CompletableFuture<JsonNode> answer = asked.get(message.path("id").asLong(-1));
    if (answer == null) {
      skip(line);
    } else if (message.hasNonNull("error")) {
      answer.completeExceptionally(JsonRpcException.of(message.path("error")));
    } else {
      answer.complete(message.path("result"));
    }
  }

  private void answer(String method, JsonNode params, JsonNode id) throws InterruptedException {
    answering.acquire();
    Thread.startVirtualThread(() -> {
      try {
        send(message().<ObjectNode>set("id", id).set("result", peer.answer(method, params)));
      } catch (JsonRpcException refused) {
        sendError(id, refused.code(), refused.words());
      } catch (Exception failed) {
        sendError(id, JsonRpcException.INTERNAL_ERROR, String.valueOf(failed.getMessage()));
      } finally {
        answering.release();
      }
    });
  }

  private void sendError(JsonNode id, int code, String words) {
    ObjectNode answer = message();
    answer.set("id", id);
    answer.putObject("error").put("code", code).put("message", words);
    send(answer);
  }
}
