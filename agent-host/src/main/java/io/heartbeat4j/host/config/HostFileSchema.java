package io.heartbeat4j.host.config;

import io.heartbeat4j.heartbeat.work.DelegationLimits;
import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The schema of {@code host.yaml}. */
record HostFileSchema(
    @Description("the Paperclip server of agents without a server of their own") Optional<String> server,
    @Description("accepted runs, log entries and issue memory") Optional<Path> stateDir,
    @Description("default: the distribution's plugins") Optional<Path> plugins,
    @Description("one file per agent; default: 'agents' beside this file") Optional<Path> agentsDir,
    Optional<ListenSection> listen,
    Optional<LimitsSection> limits,
    @Description("the database that several hosts share, such as postgresql://HOST/DATABASE; files in state-dir unless set") Optional<Secret> store,
    @Description("a span per run and step, for an OpenTelemetry collector") Optional<TracesSection> traces,
    @Description("values for keys that an agent does not set") Map<String, Object> defaults,
    Map<String, Map<String, Object>> agents,
    @Description("workers that agents choose in Paperclip, with the heartbeat4j adapter") Map<String, Map<String, Object>> profiles,
    @Description("the profile of agents that choose none; the first unless set") Optional<String> defaultProfile) {

  /** The address of the host. */
  record ListenSection(
      @DefaultValue("127.0.0.1") String host,
      @DefaultValue("8787") int port,
      @Description("PEM files; needed for any address except loopback") Optional<Path> tlsCertificate,
      Optional<Path> tlsKey,
      @DefaultValue("false") @Description("allows plain HTTP on other addresses than loopback, if a proxy encrypts") boolean plainHttp,
      @Description("the key for the live page and the metrics; without it they are off") Optional<Secret> viewKey,
      @Description("the unix socket of Paperclip's heartbeat4j adapter and of 'heartbeat wake'") Optional<Path> socket,
      @Description("the key of Paperclip's heartbeat4j adapter over HTTP; the socket needs none") Optional<Secret> adapterKey) {}

  /** The limits of the host. */
  record LimitsSection(
      @DefaultValue("256") @Description("heartbeats at once") int slots,
      @Description("heartbeats of one company at once, on all hosts of a store; no limit unless set") Optional<Integer> companySlots,
      @DefaultValue("10000") @Description("wakes that wait; further ones are answered with 429") int queue,
      @Description("heartbeats at once, by worker name") Map<String, Integer> workerSlots,
      @Description("heartbeats at once, by a provider's account, such as anthropic/default") Map<String, Integer> providerSlots,
      @DefaultValue("1000") int connections,
      @DefaultValue("1048576") @Description("the largest body of a wake over HTTP or the socket") int bodyBytes,
      @DefaultValue("30s") @Description("how long running work may continue when the host shuts down") Duration drain) {}

  /** The destination of spans. */
  record TracesSection(
      @Description("the collector's address for OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces") URI endpoint,
      @Description("headers of every request, such as authorization") Map<String, Secret> headers) {}

  /** One agent. */
  record AgentSection(
      Optional<String> id,
      Optional<String> server,
      @Description("the agent's Paperclip key") Secret key,
      @Description("the key that Paperclip sends to wake it over HTTP") Optional<Secret> accessKey,
      Optional<WorkerSection> worker,
      @Description("the account for provider-slots, if its worker does not name it") Optional<String> provider,
      @Description("the directory to work in, instead of the one that the server prepared") Optional<Path> workspace,
      @DefaultValue("2h") @Description("for the worker as a whole") Duration timeout,
      @DefaultValue("0") @Description("the longest time without progress; 0 means no limit") Duration silenceTimeout,
      @DefaultValue("5s") @Description("between the request to stop and the interruption") Duration grace,
      @Description("subtasks that it makes of one issue before it asks a person") Optional<DelegationLimits> delegation,
      @DefaultValue("4") @Description("heartbeats of one agent at once; never two on one issue") int slots,
      @DefaultValue("100") @Description("wakes of one agent that wait") int queue,
      @Description("the interval at which the host reads the agent's inbox") Optional<Duration> timer) {

    record WorkerSection(String name, Map<String, Object> settings) {}
  }

  /** A worker that agents choose in Paperclip. */
  record ProfileSection(
      @DefaultValue("") String description,
      AgentSection.WorkerSection worker,
      Optional<String> provider,
      @Description("the directory to work in, instead of the one that the server prepared") Optional<Path> workspace,
      @DefaultValue("2h") @Description("for the worker as a whole") Duration timeout,
      @DefaultValue("0") @Description("the longest time without progress; 0 means no limit") Duration silenceTimeout,
      @DefaultValue("5s") @Description("between the request to stop and the interruption") Duration grace,
      @DefaultValue("4") @Description("heartbeats of one agent at once; never two on one issue") int slots,
      @DefaultValue("100") @Description("wakes of one agent that wait") int queue,
      @Description("settings of the worker that an agent may change") List<String> overridable,
      @Description("models that an agent may choose") List<String> models) {}
}
