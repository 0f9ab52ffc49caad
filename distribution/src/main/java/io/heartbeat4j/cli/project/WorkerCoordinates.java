package io.heartbeat4j.cli.project;

/**
 * A worker plugin in a Maven repository.
 *
 * @param artifact by convention worker-NAME
 */
public record WorkerCoordinates(String group, String artifact, String version) {

  private static final String PREFIX = "worker-";

  /**
   * Reads {@code GROUP:ARTIFACT:VERSION}.
   *
   * @throws IllegalArgumentException in words for the user
   */
  public static WorkerCoordinates parse(String text) {
    String[] parts = text.split(":", -1);
    for (String part : parts) {
      if (parts.length != 3 || !part.matches("[A-Za-z0-9_.-]+")) {
        throw new IllegalArgumentException("'" + text + "' does not name a plugin in a Maven repository: write"
            + " GROUP:ARTIFACT:VERSION, such as io.example:worker-greeter:0.1.0-SNAPSHOT");
      }
    }
    return new WorkerCoordinates(parts[0], parts[1], parts[2]);
  }

  /** The worker's name: the artifact's without the prefix. */
  public String workerName() {
    return artifact.startsWith(PREFIX) ? artifact.substring(PREFIX.length()) : artifact;
  }
}
