package io.heartbeat4j.cli;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The dumpable flag of this process. While it is cleared, Linux refuses {@code environ}, {@code mem}, {@code maps} and
 * {@code fd} in {@code /proc/PID}, and tracing, to every process without {@code CAP_SYS_PTRACE}, so that a worker's
 * command of the same user can't read keys there. A child gets the flag back when it executes its program.
 *
 * <p>{@code java.lang.foreign} is called by name, because it is a preview API in the release that this is compiled for.
 */
final class DumpableFlag {

  private static final int PR_SET_DUMPABLE = 4;
  private static final long READ_SECONDS = 10;

  private DumpableFlag() {}

  /** Clears the flag; false on a system that is not Linux. */
  static boolean clear() {
    try {
      Class<?> linkerType = foreign("Linker");
      Class<?> layoutType = foreign("MemoryLayout");
      Class<?> descriptorType = foreign("FunctionDescriptor");
      Class<?> optionType = foreign("Linker$Option");
      Object linker = linkerType.getMethod("nativeLinker").invoke(null);
      Object symbols = linkerType.getMethod("defaultLookup").invoke(linker);
      Optional<?> prctl = (Optional<?>) foreign("SymbolLookup").getMethod("find", String.class)
          .invoke(symbols, "prctl");
      if (prctl.isEmpty()) {
        return false;
      }
      Object integer = foreign("ValueLayout").getField("JAVA_INT").get(null);
      Object arguments = Array.newInstance(layoutType, 2);
      Array.set(arguments, 0, integer);
      Array.set(arguments, 1, foreign("ValueLayout").getField("JAVA_LONG").get(null));
      Object descriptor = descriptorType.getMethod("of", layoutType, arguments.getClass())
          .invoke(null, integer, arguments);
      Object options = Array.newInstance(optionType, 0);
      MethodHandle call = (MethodHandle) linkerType
          .getMethod("downcallHandle", foreign("MemorySegment"), descriptorType, options.getClass())
          .invoke(linker, prctl.get(), descriptor, options);
      return (int) call.invoke(PR_SET_DUMPABLE, 0L) == 0;
    } catch (Throwable unsupported) { // a method handle may throw anything
      return false;
    }
  }

  private static Class<?> foreign(String name) throws ClassNotFoundException {
    return Class.forName("java.lang.foreign." + name);
  }

  /** Whether a child can read the environment of this process, as a worker's command would. */
  static boolean isReadableByChild() throws IOException, InterruptedException {
    Process child = new ProcessBuilder("cat", "/proc/" + ProcessHandle.current().pid() + "/environ")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    if (child.waitFor(READ_SECONDS, TimeUnit.SECONDS)) {
      return child.exitValue() == 0;
    }
    child.destroyForcibly();
    return true;
  }
}
