package io.heartbeat4j.cli;

import java.util.Map;
import java.util.Optional;

/** The entry point of the {@code heartbeat} command. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("version")) { // without the platform, which takes ten times as long to load
      System.out.println(VersionCommand.versionText());
      return;
    }
    Map<String, String> environment = System.getenv();
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel",
        environment.getOrDefault("HEARTBEAT_LOG_LEVEL", "warn"));
    // the heartbeat reports these problems itself, or they are irrelevant
    System.setProperty("org.slf4j.simpleLogger.log.io.vertx.core.net.impl.ConnectionBase", "off");
    System.setProperty("org.slf4j.simpleLogger.log.io.vertx.core.http.impl.HttpClientConnection", "off");
    System.setProperty("org.slf4j.simpleLogger.log.io.vertx.core.impl.BlockedThreadChecker", "off");
    System.setProperty("vertx.disableDnsResolver", "true");
    Optional<RunOptions> run = RunOptions.parsePlain(args, environment);
    if (run.isPresent()) {
      OneShotHeartbeat.start(run.get(), environment);
    } else {
      System.exit(HeartbeatCommand.commandLine(environment).execute(args));
    }
  }
}
