package io.heartbeat4j.embedded;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Records the requests with credentials, in the order of their responses. Thread-safe. */
public final class RequestRecorder {

  private final List<RecordedRequest> recorded = new CopyOnWriteArrayList<>();
  private volatile Optional<RequestListener> listener = Optional.empty();

  RequestRecorder() {}

  /** Receives requests instead of the record. Called on the server's event loop; must not block. */
  @FunctionalInterface
  public interface RequestListener {

    /**
     * A request was answered, or its connection was closed.
     *
     * @param answer the body of the response, empty when there was none
     */
    void onAnswered(RecordedRequest request, String answer);
  }

  void add(RecordedRequest request, String answer) {
    listener.ifPresentOrElse(each -> each.onAnswered(request, answer), () -> recorded.add(request));
  }

  /** Passes all further requests to the listener and keeps none of them, for a server that runs for long. */
  public void passTo(RequestListener listener) {
    this.listener = Optional.of(listener);
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
