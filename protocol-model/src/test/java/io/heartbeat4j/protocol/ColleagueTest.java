package io.heartbeat4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColleagueTest {

  /** A bare {@code @Cora} wakes nobody: {@code CommentContractTest}. */
  @Test
  void a_mention_has_the_shape_that_wakes() {
    AgentId cora = AgentId.of("11111111-2222-4333-8444-555555555555");

    assertThat(new Colleague(cora, "Cora", null, null, null).mention())
        .isEqualTo("[@Cora](agent://11111111-2222-4333-8444-555555555555)");
  }
}
