package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import java.io.PrintStream;
import java.util.Locale;

/** Prints the steps as JSON, one object per line. */
final class JsonEventPrinter implements HeartbeatListener {

  private final PrintStream out;

  JsonEventPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void on(HeartbeatEvent event) {
    String line = json(event).toString();
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  /** An event as an object. */
  static ObjectNode json(HeartbeatEvent event) {
    ObjectNode json = ProtocolJson.mapper().createObjectNode();
    json.put("at", event.at().toString());
    json.put("run", event.run().toString());
    json.put("agent", event.agent().toString());
    json.put("step", event.step().number());
    json.put("name", event.step().title());
    json.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
    event.issue().ifPresent(issue -> json.put("issue", issue));
    return json.put("message", event.message());
  }
}
