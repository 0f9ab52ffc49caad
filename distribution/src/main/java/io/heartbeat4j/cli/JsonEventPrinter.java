package io.heartbeat4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Prints the steps as JSON, one object per line. */
final class JsonEventPrinter implements HeartbeatListener {

  private final PrintStream out;

  JsonEventPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void on(HeartbeatEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = ProtocolJson.mapper().getFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("at", event.at().toString());
      json.writeStringField("run", event.run().toString());
      json.writeStringField("agent", event.agent().toString());
      json.writeNumberField("step", event.step().number());
      json.writeStringField("name", event.step().title());
      json.writeStringField("kind", event.kind().name().toLowerCase(Locale.ROOT));
      if (event.issue().isPresent()) {
        json.writeStringField("issue", event.issue().get());
      }
      json.writeStringField("message", event.message());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
