package io.heartbeat4j.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose key is shown. */
class AccessKeyAuthenticatorTest {

  private final AccessKeyAuthenticator<String> keys = new AccessKeyAuthenticator<>(
      Map.of(Secret.of("first key"), "wren", Secret.of("second key"), "pia"));

  @Test
  void a_key_opens_for_its_owner_and_nothing_else_does() {
    assertThat(keys.ownerOf("first key")).contains("wren");
    assertThat(keys.ownerOf("second key")).contains("pia");
    assertThat(keys.ownerOf("first kez")).isEmpty();
    assertThat(keys.ownerOf("")).isEmpty();
  }

  @Test
  void a_ring_without_keys_opens_for_nobody() {
    assertThat(new AccessKeyAuthenticator<String>(Map.of()).isEmpty()).isTrue();
    assertThat(new AccessKeyAuthenticator<String>(Map.of()).ownerOf("")).isEmpty();
  }
}
