package io.heartbeat4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The platform threads, child processes and, where there is {@code /proc}, open files of this JVM. */
record LiveResources(Set<String> names) {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /** Threads of the JDK and of Netty that serve the whole process and go when they have been idle. */
  private static final Pattern SHARED_THREADS = Pattern.compile(
      "ForkJoinPool.*|process reaper.*|globalEventExecutor.*|Common-Cleaner|Cleaner-.*|VirtualThread-.*|Attach Listener"
          + "|.*-scheduler-.*|Keep-Alive-Timer|idle-connection-reaper");

  /** What a class loader reads; it is closed with the loader. */
  private static final Pattern SHARED_FILES = Pattern.compile(".*\\.(jar|so|aot|jsa)|.*/lib/modules|/dev/.*");

  static LiveResources now() throws IOException {
    Set<String> names = new TreeSet<>();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !SHARED_THREADS.matcher(thread.getName()).matches())
        .forEach(thread -> names.add("thread " + thread.getName() + " (" + thread.threadId() + ")"));
    ProcessHandle.current().descendants()
        .forEach(process -> names.add(
            "process " + process.pid() + " " + process.info().commandLine().orElse("")));
    if (Files.isDirectory(OPEN_FILES)) {
      try (Stream<Path> descriptors = Files.list(OPEN_FILES)) {
        descriptors.forEach(descriptor -> openFile(descriptor, names));
      }
    }
    return new LiveResources(names);
  }

  private static void openFile(Path descriptor, Set<String> names) {
    try {
      Path file = Files.readSymbolicLink(descriptor);
      if (file.isAbsolute() && Files.isRegularFile(file) && !SHARED_FILES.matcher(file.toString()).matches()) {
        names.add("open file " + file);
      }
    } catch (IOException closed) {
      // the descriptor was the one of this listing
    }
  }

  /** What is there now and was not then, once it no longer changes; empty as soon as nothing is. */
  Set<String> awaitNothingMore() throws IOException {
    long deadline = System.nanoTime() + TestCompany.TIMEOUT.toNanos();
    Set<String> more = more();
    while (!more.isEmpty() && System.nanoTime() < deadline) {
      System.gc(); // what only a collection closes is late, and no leak
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      more = more();
    }
    return more;
  }

  private Set<String> more() throws IOException {
    return now().names().stream().filter(name -> !names.contains(name)).collect(Collectors.toCollection(TreeSet::new));
  }
}
