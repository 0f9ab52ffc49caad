package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Storage in memory that can be full, unwritable, or lose what was not flushed. Futures are complete at once. */
public final class FaultyStorage implements Storage {

  /** How many more bytes it takes. */
  public int room = Integer.MAX_VALUE;
  /** Whether every write is refused. */
  public boolean unwritable;
  /** Whether reading and listing is refused too. */
  public boolean unreadable;

  private final Map<String, byte[]> records = new TreeMap<>();
  private final Map<String, Integer> flushed = new HashMap<>();
  private final Set<String> claimed = new HashSet<>();

  /** The power fails and comes back: what was not flushed is gone, and so are the claims. */
  public void losePower() {
    records.replaceAll((name, content) -> Arrays.copyOf(content, flushed.getOrDefault(name, 0)));
    records.values().removeIf(content -> content.length == 0);
    claimed.clear();
  }

  private <T> Future<T> read(Supplier<T> access) {
    return unreadable ? Future.failedFuture(new IOException("Permission denied"))
        : Future.succeededFuture(access.get());
  }

  private Future<Void> write(int bytes, Runnable access) {
    if (unwritable || bytes > room) {
      return Future.failedFuture(new IOException(unwritable ? "Permission denied" : "No space left on device"));
    }
    room -= bytes;
    access.run();
    return Future.succeededFuture();
  }

  @Override
  public Future<List<String>> list(String folder) {
    int depth = folder.length() + 1;
    return read(() -> records.keySet().stream()
        .filter(name -> name.startsWith(folder + "/") && name.indexOf('/', depth) < 0).toList());
  }

  @Override
  public Future<List<String>> folders(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return read(() -> records.keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) > 0)
        .map(name -> name.substring(0, name.indexOf('/', prefix.length()))).distinct().toList());
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return read(() -> Optional.ofNullable(records.get(name)));
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return write(content.length, () -> records.put(name, content));
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return write(bytes.length, () -> extend(name, bytes));
  }

  private void extend(String name, byte[] bytes) {
    byte[] before = records.getOrDefault(name, new byte[0]);
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    records.put(name, all);
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    if (unwritable) {
      return Future.failedFuture(new IOException("Permission denied"));
    }
    return Future.succeededFuture(claimed.add(name)
        ? Optional.of(new MemoryClaim(this, name, records.getOrDefault(name, new byte[0])))
        : Optional.empty());
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    List<Claim> all = new ArrayList<>();
    return list(folder).map(names -> {
      names.forEach(name -> claim(name).result().ifPresent(all::add));
      return all;
    });
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return Future.succeededFuture();
  }

  private static final class MemoryClaim extends RecordClaim {

    private final FaultyStorage storage;

    MemoryClaim(FaultyStorage storage, String name, byte[] content) {
      super(name, content);
      this.storage = storage;
    }

    @Override
    public Future<Void> append(byte[] bytes, boolean flush) {
      return storage.append(name(), bytes).onSuccess(written -> {
        if (flush) {
          storage.flushed.put(name(), storage.records.getOrDefault(name(), new byte[0]).length);
        }
      });
    }

    @Override
    public Future<Void> delete() {
      storage.records.remove(name());
      return release();
    }

    @Override
    public Future<Void> moveTo(String other, byte[] bytes) {
      return storage.replace(other, bytes).compose(moved -> delete());
    }

    @Override
    public Future<Void> release() {
      storage.claimed.remove(name());
      return Future.succeededFuture();
    }
  }
}
