package io.heartbeat4j.cli;

import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;

/**
 * The Java blocks of one page, compiled together against the class path of the tests. A block with a package is a file;
 * any other one is the body of a method that may use the classes of the page's files.
 */
final class DocumentedJava {

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile(
      "(?m)^(?:public |final |abstract |sealed )*(?:class|interface|record|enum) (\\w+)");
  private static final List<String> SNIPPET_IMPORTS = List.of(
      "static org.junit.jupiter.api.Assertions.*", "java.nio.file.*", "java.time.*", "java.util.*",
      "io.heartbeat4j.protocol.IssueStatus", "io.heartbeat4j.testkit.*", "io.heartbeat4j.worker.*");

  private final Path classes;
  private final List<String> problems;

  private DocumentedJava(Path classes, List<String> problems) {
    this.classes = classes;
    this.problems = List.copyOf(problems);
  }

  /** A source; {@code offset} counts the lines that it has before those of the block. */
  private static final class Source extends SimpleJavaFileObject {
    private final MarkdownPage.Block block;
    private final String code;
    private final int offset;

    Source(MarkdownPage.Block block, String path, String code, int offset) {
      super(URI.create("string:///" + path + ".java"), Kind.SOURCE);
      this.block = block;
      this.code = code;
      this.offset = offset;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }

    String describe(Diagnostic<?> diagnostic) {
      int index = (int) Math.max(0, diagnostic.getLineNumber() - 1 - offset);
      return block.where(index) + diagnostic.getMessage(Locale.ROOT);
    }
  }

  /** @param classes an empty directory */
  static DocumentedJava compile(MarkdownPage page, Path classes) throws IOException {
    List<Source> sources = new ArrayList<>();
    TreeSet<String> packages = new TreeSet<>();
    for (MarkdownPage.Block block : page.blocks("java")) {
      Matcher declared = PACKAGE.matcher(block.text());
      if (declared.find()) {
        packages.add(declared.group(1));
        Matcher type = TYPE.matcher(block.text());
        String name = type.find() ? type.group(1) : "package-info";
        sources.add(new Source(block, declared.group(1).replace('.', '/') + "/" + name, block.text(), 0));
      }
    }
    for (MarkdownPage.Block block : page.blocks("java")) {
      if (!PACKAGE.matcher(block.text()).find()) {
        sources.add(wrapSnippet(block, packages));
      }
    }
    return sources.isEmpty() ? new DocumentedJava(classes, List.of()) : compile(sources, classes);
  }

  private static Source wrapSnippet(MarkdownPage.Block block, Set<String> packages) {
    String name = "SnippetOfLine" + block.line();
    StringBuilder start = new StringBuilder();
    SNIPPET_IMPORTS.forEach(each -> start.append("import ").append(each).append("; "));
    packages.forEach(each -> start.append("import ").append(each).append(".*; "));
    start.append("final class ").append(name).append(" { void run() throws Exception {\n");
    return new Source(block, name, start + block.text() + "}}\n", 1);
  }

  private static DocumentedJava compile(List<Source> sources, Path classes) throws IOException {
    JavaCompiler compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
      compiler.getTask(null, files, diagnostics, List.of(
          "-proc:none", "-parameters", "--release", "21", "-d", classes.toString(),
          "-classpath", System.getProperty("java.class.path")), null, sources).call();
    }
    return new DocumentedJava(classes, diagnostics.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(each -> each.getSource() instanceof Source source ? source.describe(each) : each.toString())
        .toList());
  }

  List<String> problems() {
    return problems;
  }

  /** Packs the worker factories of the page as a plugin, if it has any. */
  void packPlugin(Path plugins) throws IOException, ReflectiveOperationException {
    List<String> factories = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes);
        URLClassLoader loader = new URLClassLoader(new URL[]{classes.toUri().toURL()})) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(".class", "").replace('/', '.');
        if (WorkerFactory.class.isAssignableFrom(loader.loadClass(name))) {
          factories.add(name);
        }
      }
    }
    if (!factories.isEmpty()) {
      Path services = Files.createDirectories(classes.resolve("META-INF/services"));
      Files.write(services.resolve(WorkerFactory.class.getName()), factories);
      Path jar = Files.createDirectories(plugins.resolve("documented")).resolve("documented.jar");
      int exitCode = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err,
          "--create", "--file", Objects.requireNonNull(jar).toString(), "-C", classes.toString(), ".");
      if (exitCode != 0) {
        throw new IOException("jar ended with " + exitCode);
      }
    }
  }
}
