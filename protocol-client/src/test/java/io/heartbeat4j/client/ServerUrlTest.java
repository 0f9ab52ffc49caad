package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

  @ParameterizedTest
  @ValueSource(strings = {"http://host:3100", "http://host:3100/", "http://host:3100/api", "http://host:3100/api/"})
  void the_api_suffix_makes_no_difference(String text) {
    assertThat(ServerUrl.of(text)).hasToString("http://host:3100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host:3100", "ftp://host", "http://", "http://someone:hunter2x@host", "http://host?x=1",
      "http://host:99999"})
  void a_wrong_one_is_refused_with_an_example(String text) {
    assertThatThrownBy(() -> ServerUrl.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://localhost:3100")
        .message().doesNotContain("hunter2x");
  }

  @Test
  void a_blank_token_is_refused_because_it_would_act_as_the_board() {
    assertThatThrownBy(() -> AgentToken.of(" ")).hasMessageContaining("the board");
  }

  @Test
  void a_token_is_never_printed() {
    assertThat(AgentToken.of("some-token")).hasToString("***");
  }
}
