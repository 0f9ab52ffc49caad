package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/** The status of an approval. An open set: a value that this version does not know is kept as it came. */
@API(status = API.Status.STABLE, since = "1.0")
public record ApprovalStatus(@JsonValue String wire) {

  public static final ApprovalStatus PENDING = new ApprovalStatus("pending");
  public static final ApprovalStatus REVISION_REQUESTED = new ApprovalStatus("revision_requested");
  public static final ApprovalStatus APPROVED = new ApprovalStatus("approved");
  public static final ApprovalStatus REJECTED = new ApprovalStatus("rejected");
  public static final ApprovalStatus CANCELLED = new ApprovalStatus("cancelled");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ApprovalStatus {}

  @Override
  public String toString() {
    return wire;
  }
}
