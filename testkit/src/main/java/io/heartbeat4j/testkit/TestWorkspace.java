package io.heartbeat4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory that the server names to the worker as the one to work in. Deleted when the test has ended. */
public record TestWorkspace(Path directory) {

  /** Writes a text file, and the directories above it. */
  public TestWorkspace write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    return this;
  }

  public String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  public boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }
}
