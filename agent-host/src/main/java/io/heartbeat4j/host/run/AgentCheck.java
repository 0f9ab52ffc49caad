package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.protocol.Agent;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Optional;

/**
 * What the server says of one agent of the configuration: whose key it is, and how it is woken.
 *
 * @param agent the agent as the configuration names it
 * @param self empty where the server did not answer with an agent
 * @param problem what keeps the agent from working, with what to do; empty where nothing does
 */
public record AgentCheck(AgentConfiguration agent, Optional<Agent> self, Optional<String> problem) {

  /** Asks the server. Fails only where the server could not be asked. */
  public static Future<AgentCheck> ask(PaperclipClient server, AgentConfiguration agent, AgentToken key) {
    return server.session(key).me()
        .map(self -> new AgentCheck(agent, Optional.of(self), mismatch(agent, self)))
        .recover(failure -> failure instanceof Unauthorized
            ? Future.succeededFuture(new AgentCheck(agent, Optional.empty(), Optional.of(
                "the server refuses its key (" + failure.getMessage() + "); create a key of this agent on the board and"
                    + " set it as 'key'")))
            : Future.failedFuture(failure));
  }

  private static Optional<String> mismatch(AgentConfiguration agent, Agent self) {
    return agent.id().filter(id -> !id.equals(self.id())).map(id -> "its key is of agent " + self.id() + " ("
        + self.name() + "), but its 'id' is " + id + "; set the key of that agent, or take 'id' out");
  }

  /** How Paperclip wakes it, and whether that is the address on which this host listens. */
  public String wokenBy(HttpServerConfiguration host) {
    String adapter = self.map(Agent::adapterType).orElse("unknown adapter");
    return self.map(Agent::adapterConfig).flatMap(Agent.AdapterConfig::wakeUrl)
        .map(url -> adapter + " at " + url
            + (isPortOf(host, url) ? "" : ", which is not port " + host.port() + " of this host"))
        .orElse(adapter);
  }

  private static boolean isPortOf(HttpServerConfiguration host, String url) {
    try {
      return URI.create(url).getPort() == host.port();
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** Such as {@code paused (budget)}. */
  public String status() {
    return self.map(agent -> agent.status()
        + Optional.ofNullable(agent.pauseReason()).map(why -> " (" + why + ")").orElse("")).orElse("");
  }
}
