package io.heartbeat4j.worker;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One thing that a worker has checked for the operator.
 *
 * @param what in a word, such as {@code login}
 * @param words what was found
 * @param remedy what the operator has to do; empty where it is as it should be
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.1")
public record CheckResult(String what, String words, Optional<String> remedy) {

  /** It is as it should be. */
  public static CheckResult passed(String what, String words) {
    return new CheckResult(what, words, Optional.empty());
  }

  public static CheckResult failed(String what, String words, String remedy) {
    return new CheckResult(what, words, Optional.of(remedy));
  }

  public boolean isPassed() {
    return remedy.isEmpty();
  }
}
