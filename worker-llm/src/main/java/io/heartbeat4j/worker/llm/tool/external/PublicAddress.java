package io.heartbeat4j.worker.llm.tool.external;

import io.heartbeat4j.worker.agent.ToolCallException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells the addresses of the internet from those of this machine and its network. */
final class PublicAddress {

  private PublicAddress() {}

  /**
   * Whether all addresses of a host are public.
   *
   * @throws ToolCallException if the host has none
   */
  static boolean isPublic(String host) throws ToolCallException {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(PublicAddress::isPublic);
    } catch (UnknownHostException unknown) {
      throw new ToolCallException("the host " + host + " is not known");
    }
  }

  private static boolean isPublic(InetAddress address) {
    if (address.isLoopbackAddress() || address.isAnyLocalAddress() || address.isLinkLocalAddress()
        || address.isSiteLocalAddress() || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int first = Byte.toUnsignedInt(bytes[0]);
    int second = Byte.toUnsignedInt(bytes[1]);
    if (bytes.length == 4) {
      boolean shared = first == 100 && second >= 64 && second < 128;
      return first != 0 && first != 127 && first < 240 && !shared;
    }
    boolean sixToFour = first == 0x20 && second == 0x02;
    return first >= 0x20 && first < 0x40 && !sixToFour; // all others are local, reserved, or hold an IPv4 address
  }
}
