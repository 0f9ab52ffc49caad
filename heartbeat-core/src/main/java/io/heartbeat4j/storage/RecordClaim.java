package io.heartbeat4j.storage;

/** A claim that knows its record's name, and the content when it was claimed. */
public abstract class RecordClaim implements Storage.Claim {

  private final String name;
  private final byte[] content;

  /** @param content not changed afterwards by the caller */
  protected RecordClaim(String name, byte[] content) {
    this.name = name;
    this.content = content;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final byte[] content() {
    return content.clone();
  }
}
