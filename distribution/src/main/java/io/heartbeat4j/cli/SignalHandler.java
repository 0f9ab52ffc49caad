package io.heartbeat4j.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Handles signals. A shutdown hook would run only at the first signal. The JDK's only class for this, in the module
 * {@code jdk.unsupported}, is called by reflection, because javac warns about each direct use.
 */
final class SignalHandler {

  private SignalHandler() {}

  /**
   * Runs the action at each of these signals, on a separate thread. Ignores signals that this system does not have.
   */
  static void register(List<String> names, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object runs = Proxy.newProxyInstance(SignalHandler.class.getClassLoader(), new Class<?>[]{handler},
          (self, method, arguments) -> {
            action.run();
            return null;
          });
      for (String name : names) {
        try {
          signal.getMethod("handle", signal, handler).invoke(null,
              signal.getConstructor(String.class).newInstance(name), runs);
        } catch (InvocationTargetException unknown) {
          // Windows has no HUP
        }
      }
    } catch (ReflectiveOperationException noSignals) {
      throw new IllegalStateException("this Java has no sun.misc.Signal, which the host needs for a clean shutdown",
          noSignals);
    }
  }
}
