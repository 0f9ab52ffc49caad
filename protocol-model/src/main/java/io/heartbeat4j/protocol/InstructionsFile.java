package io.heartbeat4j.protocol;

import org.apiguardian.api.API;

/**
 * A file of an agent's instructions that the server keeps, {@code GET /api/agents/{id}/instructions-bundle/file?path=}.
 * An agent may read its own, unless they are a folder of the server's machine ({@code instructionsBundleMode:
 * external}).
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record InstructionsFile(String path, String content) {}
