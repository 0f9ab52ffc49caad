package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The shape of {@code host.yaml}, as it is written. */
record HostFile(
    @Doc("the Paperclip server of all agents that name no other") Optional<String> server,
    @Doc("runs that were taken in, and what agents remember") Optional<Path> stateDir,
    Optional<Path> plugins,
    @Doc("one file per agent; 'agents' beside this file unless set") Optional<Path> agentsDir,
    Optional<Listen> listen,
    Optional<Limits> limits,
    @Doc("hosts side by side, which share the agents") Optional<Cluster> cluster,
    @Doc("a span per run and step, for an OpenTelemetry collector") Optional<Traces> traces,
    @Doc("what an agent has where it says nothing itself") Map<String, Object> defaults,
    Map<String, Map<String, Object>> agents) {

  /** Where the host can be reached. */
  record Listen(
      @Default("127.0.0.1") String host,
      @Default("8787") int port,
      @Doc("PEM files; needed for any address but loopback") Optional<Path> tlsCertificate,
      Optional<Path> tlsKey,
      @Default("false") @Doc("plain HTTP beyond loopback, where something else encrypts") boolean plainHttp,
      @Doc("for the page and the metrics; without it they are off") Optional<Secret> viewKey,
      @Doc("the unix socket of 'heartbeat wake'") Optional<Path> socket) {}

  /** The hosts that run side by side. */
  record Cluster(
      @Doc("this host's name among them") String node,
      @Doc("every host: the 'url' of its listener, and the HOST:PORT of its cluster 'member'")
          Map<String, Map<String, Object>> nodes) {}

  /** What the host takes on. */
  record Limits(
      @Default("256") int slots,
      @Default("10000") int queue,
      @Doc("heartbeats at once, by worker name") Map<String, Integer> workerSlots,
      @Doc("heartbeats at once, by a provider's account, such as anthropic/default") Map<String, Integer> providerSlots,
      @Default("1000") int connections,
      @Default("1048576") int bodyBytes,
      @Default("30s") @Doc("for running work when the host is asked to end") Duration drain) {}

  /** Where spans go. */
  record Traces(
      @Doc("the collector's address for OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces") URI endpoint,
      @Doc("of every request, such as an authorization") Map<String, Secret> headers) {}

  /** One agent. */
  record AgentFile(
      Optional<String> id,
      Optional<String> server,
      @Doc("the agent's Paperclip key") Secret key,
      @Doc("what Paperclip has to show to wake it over HTTP") Optional<Secret> accessKey,
      Optional<Chosen> worker,
      @Doc("whose provider-slots it uses, where its worker does not say so itself") Optional<String> provider,
      Optional<Path> workspace,
      @Default("2h") Duration timeout,
      @Default("0") Duration silenceTimeout,
      @Default("5s") Duration grace,
      @Default("4") int slots,
      @Default("100") int queue,
      @Doc("how often the agent looks for work by itself") Optional<Duration> timer) {

    record Chosen(String name, Map<String, Object> settings) {}
  }
}
