package io.heartbeat4j.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiles of a host's file. */
class ProfileReaderTest {

  private static final AgentId AGENT = new AgentId(new UUID(0, 7));
  private static final ServerUrl SERVER = ServerUrl.of("http://127.0.0.1:3100");

  @TempDir
  Path directory;

  @Test
  void an_agent_has_the_profiles_limits_and_no_key() throws IOException {
    HostConfiguration host = read("""
        server: http://127.0.0.1:3100
        profiles:
          polite: {worker: {name: echo}, timeout: 10m, slots: 7, provider: acme/default}
        """);

    AgentConfiguration agent = host.profiles().find("polite").orElseThrow()
        .configure(AGENT, SERVER, Map.of(), Optional.empty());

    assertThat(agent.name()).isEqualTo(AGENT.toString());
    assertThat(agent.key()).isEmpty();
    assertThat(agent.limits().total()).isEqualTo(Duration.ofMinutes(10));
    assertThat(agent.slots()).isEqualTo(7);
    assertThat(agent.provider()).contains("acme/default");
    assertThat(host.agents()).isEmpty();
    assertThat(host.profiles().servers()).containsExactly(SERVER);
    assertThat(host.describeAgents()).isEqualTo("0 agents, 1 profiles");
  }

  @Test
  void agents_with_the_same_changes_share_a_worker() throws IOException {
    WorkerProfile profile = read("""
        server: http://127.0.0.1:3100
        profiles:
          polite: {worker: {name: echo}, overridable: [greeting, account]}
        """).profiles().find("polite").orElseThrow();

    AgentConfiguration standard = profile.configure(AGENT, SERVER, Map.of(), Optional.empty());
    AgentConfiguration hi = profile.configure(AGENT, SERVER, Map.of("greeting", "hi"), Optional.empty());
    AgentConfiguration acme = profile.configure(AGENT, SERVER, Map.of("account", "acme/other"), Optional.empty());

    assertThat(profile.configure(AGENT, SERVER, Map.of("greeting", "hi"), Optional.empty()).worker())
        .isSameAs(hi.worker()).isNotSameAs(standard.worker());
    assertThat(acme.provider()).contains("acme/other");
  }

  @Test
  void a_value_of_an_agent_is_checked_like_one_of_the_file_and_references_in_it_are_text() throws IOException {
    WorkerProfile profile = read("""
        server: http://127.0.0.1:3100
        profiles:
          polite: {worker: {name: echo}, overridable: [greeting, account]}
        """).profiles().find("polite").orElseThrow();

    assertThatThrownBy(() -> profile.configure(AGENT, SERVER, Map.of("greeting", List.of("a")), Optional.empty()))
        .isInstanceOfSatisfying(SettingsException.class, wrong -> assertThat(wrong.problems()).singleElement()
            .asString().contains("settings.greeting: it is a list, it should be a text"));
    assertThat(profile.configure(AGENT, SERVER, Map.of("account", "${ENV:SECRET}"), Optional.empty()).provider())
        .contains("${ENV:SECRET}");
  }

  @Test
  void the_default_profile_is_the_named_one_or_the_first() throws IOException {
    String two = """
        server: http://127.0.0.1:3100
        profiles: {b: {worker: {name: echo}}, a: {worker: {name: echo}}}
        """;

    assertThat(read(two).profiles().defaultProfile().orElseThrow().settings().name()).isEqualTo("b");
    assertThat(read(two + "default-profile: a").profiles().defaultProfile().orElseThrow().settings().name())
        .isEqualTo("a");
  }

  @Test
  void with_profiles_there_is_a_socket_where_the_adapter_looks_for_it() throws IOException {
    String profiles = """
        server: http://127.0.0.1:3100
        profiles: {a: {worker: {name: echo}}}
        """;

    assertThat(read(profiles).httpServer().socket()).contains(directory.resolve("state/host.sock"));
    assertThat(HostConfiguration.read(Files.writeString(directory.resolve("host.yaml"), profiles),
        Map.of("XDG_RUNTIME_DIR", "/run/user/7"), directory, directory, secret -> {}).httpServer().socket())
        .contains(Path.of("/run/user/7/heartbeat4j/host.sock"));
    assertThat(read(profiles + "listen: {socket: /run/other.sock}").httpServer().socket())
        .contains(Path.of("/run/other.sock"));
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_with_its_line_and_the_nearest_key() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        default-profile: polit
        listen: {adapter-key: short}
        profiles:
          polite:
            worker: {name: echo}
            overridable:
              - greeting
              - acount
            models: [small]
          wrong!name: {worker: {name: echo}}
          slow:
            worker: {name: echo}
            slots: 0
            time-out: 5m
          lost: {worker: {name: ecko}}
          greedy:
            worker:
              name: echo
              settings: {greting: hello}
          idle: {slots: 3}
        """)).satisfiesExactlyInAnyOrder(
        problem -> assertThat(problem).contains("host.yaml:2: default-profile").contains("did you mean 'polite'"),
        problem -> assertThat(problem).contains("host.yaml:3: listen.adapter-key").contains("shorter than 16"),
        problem -> assertThat(problem).contains("host.yaml:9: profiles.polite.overridable[1]")
            .contains("did you mean 'account'"),
        problem -> assertThat(problem).contains("host.yaml:10: profiles.polite.models").contains("no setting 'model'"),
        problem -> assertThat(problem).contains("host.yaml:11: profiles.wrong!name"),
        problem -> assertThat(problem).contains("host.yaml:14: profiles.slow.slots: 0 is too small"),
        problem -> assertThat(problem).contains("host.yaml:15: profiles.slow.time-out")
            .contains("did you mean 'timeout'"),
        problem -> assertThat(problem).contains("host.yaml:16: profiles.lost.worker")
            .contains("no worker named 'ecko'"),
        problem -> assertThat(problem).contains("host.yaml:20: profiles.greedy.worker.settings.greting")
            .contains("did you mean 'greeting'"),
        problem -> assertThat(problem).contains("host.yaml:21: profiles.idle.worker is missing"));
  }

  @Test
  void a_secret_is_not_for_agents() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        profiles:
          coder: {worker: {name: scripted, settings: {script: x}}, overridable: [model.api-key]}
        """)).singleElement().asString().contains("host.yaml:3: profiles.coder.overridable[0]")
        .contains("'model.api-key' that an agent could be given");
  }

  @Test
  void profiles_without_a_server_are_refused() throws IOException {
    assertThat(problems("profiles: {a: {worker: {name: echo}}}")).singleElement().asString()
        .contains("host.yaml:1: profiles: no server");
  }

  private List<String> problems(String yaml) throws IOException {
    SettingsException wrong = catchThrowableOfType(SettingsException.class, () -> read(yaml));
    assertThat(wrong).isNotNull();
    return wrong.problems();
  }

  private HostConfiguration read(String yaml) throws IOException {
    return HostConfiguration.read(Files.writeString(directory.resolve("host.yaml"), yaml), Map.of("SECRET", "hidden"),
        directory.resolve("plugins"), directory.resolve("state"), secret -> {});
  }
}
