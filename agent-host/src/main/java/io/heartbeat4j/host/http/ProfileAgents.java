package io.heartbeat4j.host.http;

import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.run.HostedAgent;

/** The agents that have chosen a profile: each is made at its first run. */
public interface ProfileAgents {

  /** The client of a configured server. */
  PaperclipClient server(ServerUrl url);

  /** The agent that a server has told to be the owner of a run's token. */
  HostedAgent agent(HostedAgent.AgentIdentity self, AgentConfiguration configuration);
}
