package io.heartbeat4j.cli.dev;

import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/** The classes that a plugin shares with the host, without the workers on the host's class path. */
final class HostClasses extends ClassLoader {

  HostClasses(ClassLoader host) {
    super("host", host);
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    return Collections.emptyEnumeration();
  }
}
