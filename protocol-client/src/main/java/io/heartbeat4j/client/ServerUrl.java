package io.heartbeat4j.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a Paperclip server.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name or address; an IPv6 address without brackets
 * @param basePath what a proxy puts before {@code /api}: empty, or with a slash at the start and none at the end
 */
public record ServerUrl(String scheme, String host, int port, String basePath) {

  private static final String EXAMPLE = "for example http://localhost:3100";
  /**
   * The authorities that {@link URI} does not take apart: names with an underscore, as container networks have them.
   */
  private static final Pattern LENIENT_AUTHORITY = Pattern.compile("([A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

  /**
   * Reads a URL with or without {@code /api} or a slash at its end.
   *
   * @throws IllegalArgumentException saying what is wrong with {@code text}
   */
  public static ServerUrl of(String text) {
    String trimmed = text.strip();
    URI uri = parse(trimmed);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw wrong(trimmed, "it must start with http:// or https://");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw wrong(trimmed, "it must not have a query or a fragment");
    }
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw wrong(trimmed, "it names no host");
    }
    if (authority.contains("@")) {
      throw wrong("...@" + authority.substring(authority.lastIndexOf('@') + 1), "it must not hold a user or password");
    }
    String host = uri.getHost();
    int port = uri.getPort();
    if (host == null) {
      Matcher lenient = LENIENT_AUTHORITY.matcher(authority);
      if (!lenient.matches()) {
        throw wrong(trimmed, "it names no host");
      }
      host = lenient.group(1);
      port = lenient.group(2) == null ? -1 : Integer.parseInt(lenient.group(2));
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    if (port == 0 || port > 65_535) {
      throw wrong(trimmed, "its port is not between 1 and 65535");
    }
    return new ServerUrl(scheme, host.toLowerCase(Locale.ROOT), port < 0 ? defaultPort(scheme) : port, base(uri));
  }

  /** The path before {@code /api}. */
  private static String base(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    String base = path.equals("/api") || path.endsWith("/api") ? path.substring(0, path.length() - "/api".length())
        : path;
    return base.replaceAll("/+$", "");
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException malformed) {
      throw wrong(text.replaceAll("//[^/@]*@", "//...@"), malformed.getReason());
    }
  }

  private static IllegalArgumentException wrong(String text, String reason) {
    return new IllegalArgumentException("'" + text + "' is not the URL of a server: " + reason + ", " + EXAMPLE);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** Whether the server is spoken to over TLS. */
  boolean isTls() {
    return scheme.equals("https");
  }

  /** The URL without {@code /api} and without a slash at its end. */
  @Override
  public String toString() {
    String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + shownHost + (port == defaultPort(scheme) ? "" : ":" + port) + basePath;
  }
}
