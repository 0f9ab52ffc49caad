package io.heartbeat4j.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Records the requests with credentials, in the order of their responses. Thread-safe. */
public final class RequestRecorder {

  private final List<RecordedRequest> recorded = new CopyOnWriteArrayList<>();

  RequestRecorder() {}

  void add(RecordedRequest request) {
    recorded.add(request);
  }

  /** All requests since the last {@link #clear}. */
  public List<RecordedRequest> all() {
    return List.copyOf(recorded);
  }

  /** The requests with this method and a path that matches as a whole. */
  public List<RecordedRequest> matching(String method, String pathRegex) {
    Pattern path = Pattern.compile(pathRegex);
    return recorded.stream()
        .filter(request -> request.method().equals(method) && path.matcher(request.path()).matches())
        .toList();
  }

  /** The requests with this response status. */
  public List<RecordedRequest> withStatus(int status) {
    return recorded.stream().filter(request -> request.status() == status).toList();
  }

  /** Removes all recorded requests. */
  public void clear() {
    recorded.clear();
  }
}
