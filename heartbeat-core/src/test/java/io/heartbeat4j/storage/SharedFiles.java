package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Sessions over one storage of this process, as several of its agents have them: each ends its own claims. */
final class SharedFiles implements StorageSession {

  private final Storage storage;
  private final Map<String, Consumer<String>> receivers = new ConcurrentHashMap<>();
  private final List<Claim> claims = new CopyOnWriteArrayList<>();

  SharedFiles(Storage storage) {
    this.storage = storage;
  }

  @Override
  public Future<List<String>> list(String folder) {
    return storage.list(folder);
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return storage.folders(folder);
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return storage.read(name);
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return storage.replace(name, content);
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return storage.append(name, bytes);
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return storage.claim(name).onSuccess(claim -> claim.ifPresent(claims::add));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return storage.claimAll(folder).onSuccess(claims::addAll);
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return storage.expire(folder, unchangedFor);
  }

  @Override
  public void onClaimsLost(Runnable action) {
    throw new UnsupportedOperationException("the claims of files are not lost");
  }

  @Override
  public boolean holdsClaims() {
    return true;
  }

  @Override
  public void publish(String topic, String text) {
    Optional.ofNullable(receivers.get(topic)).ifPresent(receiver -> receiver.accept(text));
  }

  @Override
  public void subscribe(String topic, Consumer<String> receiver) {
    receivers.put(topic, receiver);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<List<String>> otherProcesses() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> close() {
    List<Future<Void>> ends = new ArrayList<>();
    claims.forEach(claim -> ends.add(claim.release().otherwiseEmpty())); // some have ended before
    claims.clear();
    return Future.join(ends).mapEmpty();
  }
}
