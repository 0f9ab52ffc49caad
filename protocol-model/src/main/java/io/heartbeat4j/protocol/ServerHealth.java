package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/health}: the listener answers before recovery is complete (contract section 1). */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record ServerHealth(@Nullable String status, @Nullable String version,
    @Nullable StartupRecovery startupRecovery) {

  public record StartupRecovery(@Nullable String phase) {}

  public boolean isReady() {
    return startupRecovery == null ? "ok".equals(status) : "ready".equals(startupRecovery.phase());
  }
}
