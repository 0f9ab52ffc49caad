package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/** The settings of a worker that has none. */
@API(status = API.Status.STABLE, since = "1.0")
public record NoSettings() {}
