package io.heartbeat4j.worker.acp.agent;

import io.heartbeat4j.worker.agent.command.HeadTailBuffer;
import io.heartbeat4j.worker.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The process of the agent's program, with what it wrote beside the protocol. */
final class AgentProcess {

  private static final String MARKER = "HEARTBEAT_ACP_RUN";
  private static final int MOST_KEPT = 4000;
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(1);

  private final Process process;
  private final ProcessTree tree;
  private final Duration grace;
  private final HeadTailBuffer aside = new HeadTailBuffer(MOST_KEPT);

  private AgentProcess(Process process, ProcessTree tree, Duration grace) {
    this.process = process;
    this.tree = tree;
    this.grace = grace;
  }

  /** @throws IOException if the program can't be started */
  static AgentProcess start(AgentCommand command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command.line()).directory(command.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.variables());
    builder.environment().put(MARKER, command.id());
    Process process = builder.start();
    AgentProcess started = new AgentProcess(process, new ProcessTree(process, MARKER + "=" + command.id()),
        command.grace());
    Thread.startVirtualThread(started::readErrors);
    return started;
  }

  private void readErrors() {
    try (Reader reader = new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)) {
      char[] piece = new char[8192];
      for (int read = reader.read(piece); read >= 0; read = reader.read(piece)) {
        aside.add(piece, read);
      }
    } catch (IOException gone) {
      // the program has ended, and its pipe with it
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Remembers what the program has started, so that it does not outlive the work. */
  void recordDescendants() {
    tree.recordDescendants();
  }

  /** Keeps a line of standard output that is no message. */
  void keep(String line) {
    aside.add((line + "\n").toCharArray(), line.length() + 1);
  }

  /** How it ended, and its last words beside the protocol. */
  String ending() throws InterruptedException {
    return (process.waitFor(EXIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        ? "ended with exit code " + process.exitValue()
        : "closed its output") + words();
  }

  /** What it wrote beside the protocol, behind a colon; empty where it wrote nothing. */
  String words() {
    String text = aside.text().strip();
    return text.isEmpty() ? "" : ". It wrote:\n\n```\n" + text.replace("```", "'''") + "\n```\n";
  }

  void terminate() throws InterruptedException {
    tree.terminate(grace);
  }
}
