package io.heartbeat4j.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** A plugin's jar, compiled from source in the test. */
final class PluginJarBuilder {

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /** A class by its full name; {@code body} is what stands between package and end of file. */
  PluginJarBuilder source(String name, String body) {
    String packageName = name.substring(0, name.lastIndexOf('.'));
    sources.put(name, "package " + packageName + "; import io.heartbeat4j.worker.*; " + body);
    return this;
  }

  /** A factory {@code plugin.Factory} of this name, whose worker is done with the value of an expression. */
  static PluginJarBuilder worker(String name, String summary) {
    return new PluginJarBuilder()
        .source("plugin.Factory", """
            public class Factory implements WorkerFactory<NoSettings> {
              public String name() { return "%s"; }
              public Class<NoSettings> settingsType() { return NoSettings.class; }
              public Worker create(NoSettings settings) { return context -> new WorkResult.Done(%s); }
            }""".formatted(name, summary))
        .services("plugin.Factory");
  }

  PluginJarBuilder services(String... factories) {
    return file("META-INF/services/io.heartbeat4j.worker.WorkerFactory", String.join("\n", factories));
  }

  PluginJarBuilder file(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Leaves a class out of the jar that others were compiled against. */
  PluginJarBuilder without(String name) {
    files.put(name.replace('.', '/') + ".class", new byte[0]);
    return this;
  }

  /** Writes {@code plugins/<directory>/worker.jar}. */
  Path in(Path plugins, String directory) throws IOException {
    return in(plugins, directory, "worker.jar");
  }

  /** Writes a jar of this name. */
  Path in(Path plugins, String directory, String name) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    compile(classes);
    Path jar = Files.createDirectories(plugins.resolve(directory)).resolve(name);
    try (OutputStream bytes = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(bytes);
        Stream<Path> compiled = Files.walk(classes)) {
      for (Path each : compiled.filter(Files::isRegularFile).toList()) {
        files.putIfAbsent(classes.relativize(each).toString(), Files.readAllBytes(each));
      }
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        if (entry.getValue().length > 0) {
          out.putNextEntry(new JarEntry(entry.getKey()));
          out.write(entry.getValue());
          out.closeEntry();
        }
      }
    }
    return jar;
  }

  private void compile(Path classes) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      List<JavaFileObject> units = sources.entrySet().stream().map(PluginJarBuilder::unit).toList();
      if (!compiler.getTask(null, manager, null, List.of("-proc:none"), null, units).call()) {
        throw new IOException("the plugin's source does not compile");
      }
    }
  }

  private static JavaFileObject unit(Map.Entry<String, String> source) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + source.getKey().replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source.getValue();
      }
    };
  }
}
