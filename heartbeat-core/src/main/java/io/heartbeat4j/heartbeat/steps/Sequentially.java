package io.heartbeat4j.heartbeat.steps;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asynchronous work on several items, one after the other: the server sees one write of a heartbeat at a time. */
public final class Sequentially {

  private Sequentially() {}

  /** The results in the order of the items. The first failure fails all, and what comes after it is not begun. */
  public static <T, R> Future<List<R>> map(Iterable<T> items, Function<? super T, Future<R>> work) {
    Future<List<R>> all = Future.succeededFuture(new ArrayList<>());
    for (T item : items) {
      all = all.compose(done -> work.apply(item).map(result -> {
        done.add(result);
        return done;
      }));
    }
    return all;
  }

  /** As {@link #map}, without the items that give nothing. */
  public static <T, R> Future<List<R>> mapPresent(Iterable<T> items, Function<? super T, Future<Optional<R>>> work) {
    return Sequentially.<T, Optional<R>>map(items, work).map(all -> all.stream().flatMap(Optional::stream).toList());
  }
}
