package io.heartbeat4j.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code heartbeat dev} was asked for.
 *
 * @param project a project's directory, a directory of classes, a jar or a plugin zip
 * @param worker which of several workers; overrides {@code dev.yaml}
 * @param port of the page; 0 is any free one
 * @param environment read by references in settings
 */
public record DevOptions(Path project, Optional<String> worker, int port, Map<String, String> environment) {}
