package io.heartbeat4j.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Signals as such: a shutdown hook would hear the first one only. The JDK's class for it ({@code jdk.unsupported}, and
 * no other there is) is reached by name, since the compiler warns of every mention.
 */
final class SignalHandler {

  private SignalHandler() {}

  /**
   * Runs the action, on a thread of its own, at each of these signals; one that this system does not have is passed
   * over.
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
      throw new IllegalStateException("this Java has no sun.misc.Signal: a host can't be ended cleanly on it",
          noSignals);
    }
  }
}
