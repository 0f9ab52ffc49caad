package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The body of a document's write.
 *
 * @param baseRevisionId of the version that is replaced, or the server answers 409; null for a new document
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record DocumentWrite(String title, String format, String body, @Nullable String baseRevisionId) {

  public static DocumentWrite markdown(String title, String body, @Nullable String baseRevisionId) {
    return new DocumentWrite(title, "markdown", body, baseRevisionId);
  }
}
