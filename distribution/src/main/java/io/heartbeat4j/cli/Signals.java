package io.heartbeat4j.cli;

import java.util.List;
import sun.misc.Signal;

/** Signals as such: a shutdown hook would hear the first one only. */
final class Signals {

  private Signals() {}

  /** Runs the action, on a thread of its own, at each of these signals; one that this system does not have is passed over. */
  @SuppressWarnings("sunapi")
  static void on(List<String> names, Runnable action) {
    for (String name : names) {
      try {
        Signal.handle(new Signal(name), received -> action.run());
      } catch (IllegalArgumentException unknown) {
        // Windows has no HUP
      }
    }
  }
}
