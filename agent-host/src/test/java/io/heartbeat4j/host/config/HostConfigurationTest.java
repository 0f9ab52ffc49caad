package io.heartbeat4j.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's file: what it means, and what is said of one that is wrong. */
class HostConfigurationTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("WREN_KEY", "wren's paperclip key".replace(' ', '-'),
      "WREN_ACCESS", "wren-".repeat(5));

  @TempDir
  Path directory;
  private final List<String> secrets = new ArrayList<>();

  @Test
  void an_agent_has_what_it_says_and_otherwise_the_defaults() throws IOException {
    HostConfiguration host = read("""
        server: http://127.0.0.1:3100
        defaults:
          worker: {name: echo, settings: {greeting: hello}}
          timeout: 10m
          slots: 2
        agents:
          wren:
            key: ${ENV:WREN_KEY}
            access-key: ${ENV:WREN_ACCESS}
            slots: 7
        """);

    assertThat(host.agents()).singleElement().satisfies(wren -> {
      assertThat(wren.name()).isEqualTo("wren");
      assertThat(wren.server()).hasToString("http://127.0.0.1:3100");
      assertThat(wren.key().orElseThrow().reveal()).isEqualTo(ENVIRONMENT.get("WREN_KEY"));
      assertThat(wren.limits().total()).isEqualTo(Duration.ofMinutes(10));
      assertThat(wren.slots()).isEqualTo(7);
      assertThat(wren.worker().worker()).isInstanceOf(io.heartbeat4j.worker.Worker.class);
    });
    assertThat(host.httpServer().host()).isEqualTo("127.0.0.1");
    assertThat(secrets).containsAll(ENVIRONMENT.values());
  }

  @Test
  void agents_with_the_same_worker_share_one() throws IOException {
    HostConfiguration host = read("""
        server: http://127.0.0.1:3100
        defaults: {worker: {name: echo}, key: "${ENV:WREN_KEY}"}
        agents: {wren: {}, pia: {}, cora: {worker: {name: echo, settings: {greeting: hi}}}}
        """);

    assertThat(host.agent("wren").orElseThrow().worker().worker())
        .isSameAs(host.agent("pia").orElseThrow().worker().worker())
        .isNotSameAs(host.agent("cora").orElseThrow().worker().worker());
  }

  @Test
  void a_directory_of_agents_is_read_beside_the_file() throws IOException {
    Files.createDirectory(directory.resolve("agents"));
    Files.writeString(directory.resolve("agents/pia.yaml"), "key: ${ENV:WREN_KEY}\nworker: {name: echo}\n");

    assertThat(read("server: http://127.0.0.1:3100\n").agents()).extracting(AgentConfiguration::name)
        .containsExactly("pia");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_with_its_line_and_the_nearest_key() throws IOException {
    Files.createDirectory(directory.resolve("agents"));
    Files.writeString(directory.resolve("agents/pia.yaml"), "key: ${ENV:PIA_KEY}\nworker: {name: eco}\n");

    assertThat(problems("""
        server: ftp://127.0.0.1
        listen:
          host: 0.0.0.0
        agents:
          wren:
            kay: something
            timeout: soon
            worker: {name: echo, settings: {greting: hello}}
          cora:
            key: ${ENV:WREN_KEY}
            access-key: short
            worker: {name: echo, settings: {greting: hello}}
        """)).satisfiesExactlyInAnyOrder(
        problem -> assertThat(problem).contains("host.yaml:3: listen.host: 0.0.0.0").contains("tls-certificate"),
        problem -> assertThat(problem).contains("host.yaml:6: agents.wren.kay").contains("did you mean 'key'"),
        problem -> assertThat(problem).contains("host.yaml:5: agents.wren.key is missing"),
        problem -> assertThat(problem).contains("host.yaml:7: agents.wren.timeout")
            .contains("'soon' is not a duration"),
        problem -> assertThat(problem).contains("host.yaml:1: server").contains("http://"),
        problem -> assertThat(problem).contains("host.yaml:11: agents.cora.access-key").contains("shorter than 16"),
        problem -> assertThat(problem).contains("host.yaml:8: agents.wren.worker.settings.greting"),
        problem -> assertThat(problem).contains("pia.yaml:1: agents.pia.key").contains("PIA_KEY is not set"),
        problem -> assertThat(problem).contains("pia.yaml:2: agents.pia.worker").contains("did you mean 'echo'"));
  }

  @Test
  void a_mistake_in_one_place_hides_none_in_another_and_one_in_the_defaults_is_said_once() throws IOException {
    Files.createDirectory(directory.resolve("agents"));
    Files.writeString(directory.resolve("agents/pia.yaml"), "key: ${ENV:WREN_KEY}\nworker: {name: eco}\n");

    assertThat(problems("""
        server: http://127.0.0.1:3100
        limits: {slotz: 5}
        defaults:
          timeout: soon
          worker: {name: echo, settings: {greting: hello}}
        agents:
          wren:
            key: ${ENV:WREN_KEY}
            slots: none
          cora:
            key: ${ENV:WREN_KEY}
            access-key: short
        """)).satisfiesExactlyInAnyOrder(
        problem -> assertThat(problem).contains("host.yaml:2: limits.slotz").contains("did you mean 'slots'"),
        problem -> assertThat(problem).contains("host.yaml:4: defaults.timeout: 'soon' is not a duration"),
        problem -> assertThat(problem).contains("host.yaml:5: defaults.worker.settings.greting")
            .contains("did you mean 'greeting'"),
        problem -> assertThat(problem).contains("host.yaml:9: agents.wren.slots: 'none'"),
        problem -> assertThat(problem).contains("host.yaml:12: agents.cora.access-key"),
        problem -> assertThat(problem).contains("pia.yaml:2: agents.pia.worker").contains("'eco'")
            .contains("did you mean 'echo'"));
  }

  @Test
  void a_workers_own_settings_are_checked_too() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        agents:
          wren:
            key: ${ENV:WREN_KEY}
            worker:
              name: echo
              settings:
                greting: hello
          pia:
            key: ${ENV:WREN_KEY}
            worker: {name: ecko}
        """)).satisfiesExactlyInAnyOrder(
        problem -> assertThat(problem).contains("host.yaml:8: agents.wren.worker.settings.greting")
            .contains("did you mean 'greeting'"),
        problem -> assertThat(problem).contains("host.yaml:11: agents.pia.worker").contains("no worker named 'ecko'"));
  }

  @Test
  void an_agent_uses_the_slots_of_the_provider_that_it_or_its_worker_names() throws IOException {
    HostConfiguration host = read("""
        server: http://127.0.0.1:3100
        limits: {provider-slots: {acme/default: 3, acme/other: 1}}
        defaults: {worker: {name: echo, settings: {account: acme/default}}, key: "${ENV:WREN_KEY}"}
        agents: {wren: {}, pia: {provider: acme/other}, cora: {worker: {name: echo}}}
        """);

    assertThat(host.agents()).extracting(AgentConfiguration::provider)
        .containsExactly(Optional.of("acme/default"), Optional.of("acme/other"), Optional.empty());
    assertThat(host.limits().providerSlots()).containsOnly(Map.entry("acme/default", 3), Map.entry("acme/other", 1));
  }

  @Test
  void a_limit_that_bounds_nobody_or_lets_nothing_through_is_refused() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        limits:
          slots: 0
          company-slots: -1
          worker-slots: {ecko: 3}
          provider-slots:
            acme/defualt: 3
            acme/default: 0
        agents:
          wren: {key: "${ENV:WREN_KEY}", worker: {name: echo, settings: {account: acme/default}}}
        """)).satisfiesExactlyInAnyOrder(
        problem -> assertThat(problem).contains("host.yaml:3: limits.slots: 0 is too small"),
        problem -> assertThat(problem).contains("host.yaml:4: limits.company-slots: -1 is too small"),
        problem -> assertThat(problem).contains("host.yaml:5: limits.worker-slots.ecko")
            .contains("did you mean 'echo'"),
        problem -> assertThat(problem).contains("host.yaml:7: limits.provider-slots.acme/defualt")
            .contains("no agent has a provider").contains("did you mean 'acme/default'"),
        problem -> assertThat(problem).contains("host.yaml:8: limits.provider-slots.acme/default: 0 is too small"));
  }

  /** The database's jars are not among this module's, as in a distribution without lib/postgresql. */
  @Test
  void a_store_that_can_not_be_had_is_told_without_its_address() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        store: postgresql://heartbeat:in-the-address@db.internal/paperclip
        agents:
          wren: {key: "${ENV:WREN_KEY}", worker: {name: echo}}
        """)).singleElement().asString().contains("host.yaml:2: store").contains("lib/postgresql")
        .doesNotContain("in-the-address").doesNotContain("db.internal");
  }

  @Test
  void two_agents_with_one_access_key_are_refused() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        defaults: {worker: {name: echo}, key: "${ENV:WREN_KEY}", access-key: "${ENV:WREN_ACCESS}"}
        agents: {wren: {}, pia: {}}
        """)).singleElement().asString().contains("access-key").contains("agent 'wren' has the same key");
  }

  @Test
  void a_key_that_is_written_twice_is_told_with_its_line() throws IOException {
    assertThat(problems("server: a\nserver: b\n")).singleElement().asString().contains("host.yaml:2")
        .contains("server");
  }

  @Test
  void no_secret_is_in_what_is_said() throws IOException {
    assertThat(problems("""
        server: http://127.0.0.1:3100
        agents: {wren: {key: "${ENV:WREN_KEY} and more", worker: {name: echo}}}
        """)).singleElement().asString().contains("agents.wren.key").doesNotContain(ENVIRONMENT.get("WREN_KEY"));
  }

  private List<String> problems(String yaml) throws IOException {
    SettingsException wrong = catchThrowableOfType(SettingsException.class, () -> read(yaml));
    assertThat(wrong).isNotNull();
    return wrong.problems();
  }

  private HostConfiguration read(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("host.yaml"), yaml);
    return HostConfiguration.read(
        file, ENVIRONMENT, directory.resolve("plugins"), directory.resolve("state"), secrets::add);
  }
}
