package io.heartbeat4j.cli.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Requests that an HTTP client would not send, and the stream of events. */
final class RawHttp {

  private static final int QUIET_MILLIS = 300;

  private RawHttp() {}

  static String statusOf(int port, String request) throws IOException {
    try (Socket socket = connect(port, request)) {
      return String.valueOf(reader(socket).readLine());
    }
  }

  /** The first event that contains the text, among those that have happened; else empty. */
  static String events(int port, String text) {
    try (Socket socket = connect(port, "GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")) {
      socket.setSoTimeout(QUIET_MILLIS);
      BufferedReader lines = reader(socket);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ") && line.contains(text)) {
          return line;
        }
      }
      return "";
    } catch (SocketTimeoutException noMore) {
      return "";
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Socket connect(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }
}
