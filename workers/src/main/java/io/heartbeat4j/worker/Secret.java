package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/** A value that is never shown: it prints as {@code ***}. The runtime masks it in logs, comments and results. */
@API(status = API.Status.STABLE, since = "1.0")
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value itself; not for logs. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
