package io.heartbeat4j.protocol;

import org.jspecify.annotations.Nullable;

/** {@code GET /api/health}: the listener answers before recovery is complete (contract section 1). */
public record ServerHealth(@Nullable String status, @Nullable String version,
    @Nullable StartupRecovery startupRecovery) {

  public record StartupRecovery(@Nullable String phase) {}

  public boolean isReady() {
    return startupRecovery == null ? "ok".equals(status) : "ready".equals(startupRecovery.phase());
  }
}
