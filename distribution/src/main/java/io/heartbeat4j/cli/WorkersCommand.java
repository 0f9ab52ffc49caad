package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.plugin.SettingDoc;
import io.heartbeat4j.heartbeat.plugin.Workers;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat workers}. */
@Command(name = "workers", mixinStandardHelpOptions = true, description = "Lists the worker plugins and their settings.")
final class WorkersCommand implements Callable<Integer> {

  @ParentCommand private @Nullable HeartbeatCommand parent;

  @Override
  public Integer call() throws IOException {
    boolean broken = false;
    try (Workers workers = new Workers(
        RunConfiguration.plugins(Objects.requireNonNull(parent).environment()), Main.class.getClassLoader())) {
      List<Workers.Found> all = workers.all();
      for (Workers.Found found : all) {
        switch (found) {
          case Workers.Found.Usable usable -> print(usable);
          case Workers.Found.Broken unusable -> {
            System.out.println("NOT USABLE  " + unusable.place() + ": " + unusable.problem());
            broken = true;
          }
        }
      }
      if (all.isEmpty()) {
        System.out.println("no workers: put a plugin's jars into plugins/<name>/");
      }
    }
    return broken ? ExitCode.CONFIGURATION.code() : ExitCode.OK.code();
  }

  private static void print(Workers.Found.Usable usable) {
    System.out.println(usable.factory().name() + "  " + usable.factory().description() + "  (" + usable.place() + ")");
    for (SettingDoc setting : SettingDoc.of(usable.factory().settings())) {
      String standard = setting.required() ? "required" : setting.standard().map(value -> "default " + value).orElse("optional");
      System.out.println("    " + setting.key() + "  " + setting.type() + ", " + standard
          + (setting.words().isEmpty() ? "" : ": " + setting.words()));
    }
  }
}
