package io.heartbeat4j.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** The requests that agents sent, in the order of their answers. Thread-safe. */
public final class RequestRecorder {

  private final List<RecordedRequest> recorded = new CopyOnWriteArrayList<>();

  RequestRecorder() {}

  void add(RecordedRequest request) {
    recorded.add(request);
  }

  /** All that was recorded since the last {@link #clear}. */
  public List<RecordedRequest> all() {
    return List.copyOf(recorded);
  }

  /** Those of this method whose whole path matches. */
  public List<RecordedRequest> matching(String method, String pathRegex) {
    Pattern path = Pattern.compile(pathRegex);
    return recorded.stream()
        .filter(request -> request.method().equals(method) && path.matcher(request.path()).matches())
        .toList();
  }

  /** Those that were answered with this status. */
  public List<RecordedRequest> withStatus(int status) {
    return recorded.stream().filter(request -> request.status() == status).toList();
  }

  /** Forgets all. */
  public void clear() {
    recorded.clear();
  }
}
