package io.example.embedded;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the shop has; the application's own state. Thread-safe. */
@Singleton
final class Inventory {

  private final Map<String, Integer> pieces = new ConcurrentHashMap<>();

  int count(String article) {
    return pieces.getOrDefault(article, 0);
  }

  void put(String article, int count) {
    pieces.put(article, count);
  }
}
