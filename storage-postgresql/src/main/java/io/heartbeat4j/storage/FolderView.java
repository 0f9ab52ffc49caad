package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A storage whose names are relative to a folder. */
record FolderView(Storage storage, String prefix) implements Storage {

  @Override
  public Future<List<String>> list(String folder) {
    return storage.list(prefix + folder)
        .map(names -> names.stream().map(name -> name.substring(prefix.length())).toList());
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return storage.read(prefix + name);
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return storage.replace(prefix + name, content);
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return storage.append(prefix + name, bytes);
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return storage.claim(prefix + name).map(claim -> claim.map(this::relative));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return storage.claimAll(prefix + folder).map(claims -> claims.stream().map(this::relative).toList());
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return storage.expire(prefix + folder, unchangedFor);
  }

  private Claim relative(Claim claim) {
    return new RelativeClaim(claim, claim.name().substring(prefix.length()));
  }

  private record RelativeClaim(Claim claim, String name) implements Claim {

    @Override
    public byte[] content() {
      return claim.content();
    }

    @Override
    public Future<Void> append(byte[] bytes, boolean flush) {
      return claim.append(bytes, flush);
    }

    @Override
    public Future<Void> delete() {
      return claim.delete();
    }

    @Override
    public Future<Void> release() {
      return claim.release();
    }
  }
}
