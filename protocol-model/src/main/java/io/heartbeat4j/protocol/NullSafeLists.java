package io.heartbeat4j.protocol;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads lists that a server may leave out, or fill with nulls. */
final class NullSafeLists {

  private NullSafeLists() {}

  static <T> List<T> copyWithoutNulls(@Nullable List<? extends @Nullable T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).<T>map(item -> item).toList();
  }
}
