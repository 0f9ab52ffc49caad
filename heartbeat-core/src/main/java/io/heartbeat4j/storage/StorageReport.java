package io.heartbeat4j.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a look at a shared storage has found.
 *
 * @param location without user and password
 * @param server its name and version
 * @param version of the schema; 0 if it has no tables yet
 * @param newestVersion that this heartbeat4j knows
 * @param records how many there are, by the name of the folder that they are directly in
 * @param processes those that use the storage now
 */
public record StorageReport(
    String location, String server, String schema, int version, int newestVersion, Map<String, Long> records,
    List<String> processes) {

  public StorageReport {
    records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
    processes = List.copyOf(processes);
  }
}
