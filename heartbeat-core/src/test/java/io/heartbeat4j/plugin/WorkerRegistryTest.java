package io.heartbeat4j.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real plugins, compiled here, found and loaded as in a distribution. */
class WorkerRegistryTest {

  private static final SettingsReader NO_SETTINGS = new SettingsReader(Map.of(), Map.of(), "worker.settings",
      secret -> {});

  @TempDir
  Path plugins;

  private WorkerRegistry workerRegistry;

  @BeforeEach
  void open() {
    workerRegistry = new WorkerRegistry(plugins, WorkerRegistryTest.class.getClassLoader());
  }

  @AfterEach
  void close() throws IOException {
    workerRegistry.close();
  }

  @SuppressWarnings("NullAway") // the plugins of this test do not look at their context
  private static String summary(Worker worker) throws Exception {
    return ((WorkResult.Done) worker.perform(null)).summary();
  }

  private String run(String name) throws Exception {
    return summary(workerRegistry.create(name, NO_SETTINGS));
  }

  @Test
  void a_plugin_is_found_by_its_name_whatever_its_directory_is_called() throws Exception {
    PluginJarBuilder.worker("alpha", "\"alpha\"").in(plugins, "alpha");
    PluginJarBuilder.worker("beta", "\"beta\"").in(plugins, "another-name");

    assertThat(run("alpha")).isEqualTo("alpha");
    assertThat(run("beta")).isEqualTo("beta");
  }

  @Test
  void a_plugin_that_is_not_installed_is_loaded_instead_of_an_installed_one_of_its_name(
      @TempDir Path developed) throws Exception {
    PluginJarBuilder.worker("alpha", "\"installed\"").in(plugins, "alpha");
    PluginJarBuilder.worker("beta", "\"beta\"").in(plugins, "beta");
    PluginJarBuilder.worker("alpha", "\"developed\"").in(developed, "jars");
    workerRegistry = new WorkerRegistry(plugins, Optional.of(developed.resolve("jars")),
        WorkerRegistryTest.class.getClassLoader());

    assertThat(run("alpha")).isEqualTo("developed");
    assertThat(run("beta")).isEqualTo("beta");
    assertThatThrownBy(() -> run("alhpa")).isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("did you mean 'alpha'?", "Found in " + developed.resolve("jars") + ", in " + plugins);
  }

  @Test
  void two_plugins_may_have_classes_of_the_same_name() throws Exception {
    PluginJarBuilder.worker("one", "Library.VERSION")
        .source("plugin.Library", "class Library { static String VERSION = \"1.0\"; }")
        .in(plugins, "one");
    PluginJarBuilder.worker("two", "Library.VERSION")
        .source("plugin.Library", "class Library { static String VERSION = \"2.0\"; }")
        .in(plugins, "two");

    assertThat(run("one")).isEqualTo("1.0");
    assertThat(run("two")).isEqualTo("2.0");
  }

  @Test
  void a_plugin_sees_the_spi_but_nothing_else_of_the_host() throws Exception {
    PluginJarBuilder.worker("curious", "look()").source("plugin.Look", """
        class Look {
          static String at(String name) {
            try { return Class.forName(name).getSimpleName(); } catch (ClassNotFoundException hidden) { return "hidden"; }
          }
        }""")
        .source("plugin.Factory", """
        public class Factory implements WorkerFactory<NoSettings> {
          public String name() { return "curious"; }
          public Class<NoSettings> settingsType() { return NoSettings.class; }
          public Worker create(NoSettings settings) {
            return context -> new WorkResult.Done(Look.at("io.heartbeat4j.worker.Worker") + " "
                + Look.at("io.heartbeat4j.protocol.Issue") + " " + Look.at("org.slf4j.Logger") + " "
                + Look.at("java.sql.Connection") + " "
                + Look.at("io.heartbeat4j.plugin.WorkerRegistry") + " " + Look.at("io.vertx.core.Vertx") + " "
                + Look.at("com.google.inject.Guice") + " " + Look.at("com.fasterxml.jackson.databind.ObjectMapper"));
          }
        }""").in(plugins, "curious");

    assertThat(run("curious")).isEqualTo("Worker Issue Logger Connection hidden hidden hidden hidden");
  }

  @Test
  void the_threads_class_loader_is_the_plugins_while_it_works_and_the_callers_again_after_it() throws Exception {
    PluginJarBuilder.worker("loader", "Thread.currentThread().getContextClassLoader().toString()").in(plugins,
        "loader");
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    assertThat(run("loader")).isEqualTo("plugin-loader");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void the_workers_of_a_plugin_share_its_classes_which_are_given_up_with_the_last_of_them() throws Exception {
    PluginJarBuilder.worker("counter", "Count.next() + \"\" + Factory.class.getResource(\"/words.txt\")")
        .source("plugin.Count", "class Count { static int value; static int next() { return ++value; } }")
        .file("words.txt", "words").in(plugins, "counter");
    Worker first = workerRegistry.create("counter", NO_SETTINGS);
    Worker second = workerRegistry.create("counter", NO_SETTINGS);

    assertThat(summary(first)).startsWith("1jar:");
    assertThat(summary(second)).startsWith("2jar:");

    first.close();
    first.close();
    assertThat(summary(second)).as("somebody works with them still").startsWith("3jar:");
    second.close();
    assertThat(summary(second)).as("the jar is closed").isEqualTo("4null");
    assertThat(run("counter")).as("they are loaded anew").startsWith("1jar:");
  }

  @Test
  void resources_come_from_the_plugin() throws Exception {
    PluginJarBuilder.worker("resource", "new String(Factory.class.getResourceAsStream(\"/words.txt\").readAllBytes())")
        .file("words.txt", "from the plugin").in(plugins, "resource");

    assertThat(run("resource")).isEqualTo("from the plugin");
  }

  @Test
  void a_name_that_nobody_has_is_answered_with_what_there_is_and_what_was_probably_meant() throws IOException {
    PluginJarBuilder.worker("alpha", "\"a\"").in(plugins, "alpha");

    assertThatThrownBy(() -> run("alhpa"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("there is no worker named 'alhpa', did you mean 'alpha'?")
        .hasMessageContaining("Found in " + plugins).hasMessageContaining(": alpha");
  }

  @Test
  void no_plugins_at_all_is_said_to_be_so() {
    assertThatThrownBy(() -> run("alpha"))
        .hasMessageContaining("there is no worker named 'alpha'. Found in ")
        .hasMessageContaining("on the class path: none");
  }

  @Test
  void several_of_one_name_are_named_with_their_places() throws IOException {
    PluginJarBuilder.worker("twin", "\"a\"").in(plugins, "first");
    PluginJarBuilder.worker("twin", "\"b\"").in(plugins, "second");

    assertThatThrownBy(() -> run("twin"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("more than one worker named 'twin'")
        .hasMessageContaining(plugins.resolve("first").toString())
        .hasMessageContaining(plugins.resolve("second").toString());
  }

  @Test
  void a_broken_plugin_harms_only_itself() throws Exception {
    new PluginJarBuilder().services("plugin.NotThere").in(plugins, "broken");
    PluginJarBuilder.worker("alpha", "\"fine\"").in(plugins, "whole");

    assertThat(run("alpha")).isEqualTo("fine");
    assertThatThrownBy(() -> run("broken"))
        .hasMessageContaining("Not usable: " + plugins.resolve("broken")).hasMessageContaining("plugin.NotThere");
  }

  @ParameterizedTest
  @ValueSource(strings = {"throw new IllegalStateException(\"no name today\")",
      "throw new NoClassDefFoundError(\"x/Y\")",
      "return null", "return \"\""})
  void a_plugin_that_cannot_say_its_name_harms_only_itself(String name) throws Exception {
    new PluginJarBuilder()
        .source("plugin.Factory", """
            public class Factory implements WorkerFactory<NoSettings> {
              public String name() { %s; }
              public Class<NoSettings> settingsType() { return NoSettings.class; }
              public Worker create(NoSettings settings) { return context -> new WorkResult.Done("never"); }
            }""".formatted(name))
        .services("plugin.Factory").in(plugins, "anonymous");
    PluginJarBuilder.worker("alpha", "\"fine\"").in(plugins, "whole");

    assertThat(run("alpha")).isEqualTo("fine");
    assertThat(workerRegistry.discoverAll()).extracting(Object::toString)
        .anySatisfy(found -> assertThat(found).startsWith("Broken").contains(plugins.resolve("anonymous").toString())
            .contains("plugin.Factory").contains("name"));
    assertThatThrownBy(() -> run("anonymous")).isInstanceOf(SettingsException.class)
        .hasMessageContaining("Not usable: " + plugins.resolve("anonymous"));
  }

  @Test
  void a_factory_without_a_name_does_not_hide_the_others_of_its_plugin() throws Exception {
    PluginJarBuilder.worker("beta", "\"fine\"")
        .source("plugin.Anonymous", """
            public class Anonymous extends Factory {
              public String name() { return null; }
            }""")
        .services("plugin.Anonymous", "plugin.Factory").in(plugins, "beta");

    assertThat(run("beta")).isEqualTo("fine");
  }

  @Test
  void a_plugin_without_a_library_that_it_needs_says_which() throws IOException {
    new PluginJarBuilder()
        .source("library.Base", "public class Base {}")
        .source("plugin.Factory", """
            public class Factory extends library.Base implements WorkerFactory<NoSettings> {
              public String name() { return "needy"; }
              public Class<NoSettings> settingsType() { return NoSettings.class; }
              public Worker create(NoSettings settings) { return context -> new WorkResult.Done("never"); }
            }""")
        .services("plugin.Factory").without("library.Base").in(plugins, "needy");

    assertThatThrownBy(() -> run("needy")).hasMessageContaining("it does not load")
        .hasMessageContaining("library/Base");
  }

  @Test
  void a_jar_without_a_service_descriptor_says_what_is_missing() throws IOException {
    new PluginJarBuilder().source("plugin.Nothing", "class Nothing {}").in(plugins, "plain");

    assertThatThrownBy(() -> run("plain")).hasMessageContaining("META-INF/services");
  }

  @Test
  void what_is_no_jar_and_what_has_none_say_so() throws IOException {
    Files.createDirectories(plugins.resolve("empty"));
    Files.writeString(Files.createDirectories(plugins.resolve("damaged")).resolve("worker.jar"), "no zip");

    assertThat(workerRegistry.discoverAll()).extracting(Object::toString)
        .anySatisfy(found -> assertThat(found).contains("empty").contains("it has no jar"))
        .anySatisfy(found -> assertThat(found).contains("worker.jar is not a readable jar"));
  }

  @Test
  void a_factory_that_refuses_its_settings_is_heard() throws IOException {
    new PluginJarBuilder().source("plugin.Factory", """
        public class Factory implements WorkerFactory<Factory.Needs> {
          public record Needs(String name) {}
          public String name() { return "strict"; }
          public Class<Needs> settingsType() { return Needs.class; }
          public Worker create(Needs needs) {
            return context -> new WorkResult.Done(needs.name());
          }
        }""").services("plugin.Factory").in(plugins, "strict");

    assertThatThrownBy(() -> run("strict"))
        .isInstanceOf(SettingsException.class).hasMessage("worker.settings.name is missing: a text");
  }
}
