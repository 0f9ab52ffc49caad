package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.exception.HttpException;
import java.net.http.HttpHeaders;

/** A response that is not 2xx, with the headers that say how long to wait. */
final class ProviderHttpException extends HttpException {

  private static final long serialVersionUID = 1L;

  private final transient HttpHeaders headers;

  ProviderHttpException(int status, String body, HttpHeaders headers) {
    super(status, body);
    this.headers = headers;
  }

  HttpHeaders headers() {
    return headers;
  }
}
