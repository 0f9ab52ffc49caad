package io.heartbeat4j.protocol;

import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error answer (contract section 1).
 *
 * @param details an object or, for a validation error, a list
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record ApiError(@Nullable String error, @Nullable String code, @Nullable Object details) {

  /** The code, wherever the server put it: issue-write denials carry it in the details only. */
  public Optional<String> effectiveCode() {
    return code != null ? Optional.of(code) : detail("code");
  }

  /** A text field of the details. */
  public Optional<String> detail(String field) {
    return details instanceof Map<?, ?> map && map.get(field) instanceof String text ? Optional.of(text)
        : Optional.empty();
  }
}
