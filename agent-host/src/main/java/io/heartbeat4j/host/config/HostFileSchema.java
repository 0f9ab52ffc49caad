package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The shape of {@code host.yaml}, as it is written. */
record HostFileSchema(
    @Description("the Paperclip server of all agents that name no other") Optional<String> server,
    @Description("runs that were taken in, and what agents remember") Optional<Path> stateDir,
    Optional<Path> plugins,
    @Description("one file per agent; 'agents' beside this file unless set") Optional<Path> agentsDir,
    Optional<ListenSection> listen,
    Optional<LimitsSection> limits,
    @Description("the database that several hosts share, such as postgresql://HOST/DATABASE; files in state-dir unless set") Optional<Secret> store,
    @Description("a span per run and step, for an OpenTelemetry collector") Optional<TracesSection> traces,
    @Description("what an agent has where it says nothing itself") Map<String, Object> defaults,
    Map<String, Map<String, Object>> agents) {

  /** Where the host can be reached. */
  record ListenSection(
      @DefaultValue("127.0.0.1") String host,
      @DefaultValue("8787") int port,
      @Description("PEM files; needed for any address but loopback") Optional<Path> tlsCertificate,
      Optional<Path> tlsKey,
      @DefaultValue("false") @Description("plain HTTP beyond loopback, where something else encrypts") boolean plainHttp,
      @Description("for the page and the metrics; without it they are off") Optional<Secret> viewKey,
      @Description("the unix socket of 'heartbeat wake'") Optional<Path> socket) {}

  /** What the host takes on. */
  record LimitsSection(
      @DefaultValue("256") int slots,
      @DefaultValue("10000") int queue,
      @Description("heartbeats at once, by worker name") Map<String, Integer> workerSlots,
      @Description("heartbeats at once, by a provider's account, such as anthropic/default") Map<String, Integer> providerSlots,
      @DefaultValue("1000") int connections,
      @DefaultValue("1048576") int bodyBytes,
      @DefaultValue("30s") @Description("for running work when the host is asked to end") Duration drain) {}

  /** Where spans go. */
  record TracesSection(
      @Description("the collector's address for OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces") URI endpoint,
      @Description("of every request, such as an authorization") Map<String, Secret> headers) {}

  /** One agent. */
  record AgentSection(
      Optional<String> id,
      Optional<String> server,
      @Description("the agent's Paperclip key") Secret key,
      @Description("what Paperclip has to show to wake it over HTTP") Optional<Secret> accessKey,
      Optional<WorkerSection> worker,
      @Description("whose provider-slots it uses, where its worker does not say so itself") Optional<String> provider,
      Optional<Path> workspace,
      @DefaultValue("2h") Duration timeout,
      @DefaultValue("0") Duration silenceTimeout,
      @DefaultValue("5s") Duration grace,
      @DefaultValue("4") int slots,
      @DefaultValue("100") int queue,
      @Description("how often the agent looks for work by itself") Optional<Duration> timer) {

    record WorkerSection(String name, Map<String, Object> settings) {}
  }
}
