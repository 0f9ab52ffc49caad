package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.ApiError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CircuitTest {

  private static final Duration SPARED = Duration.ofSeconds(6);

  private final Hand hand = new Hand();
  private final Circuit circuit = new Circuit(ServerUrl.of("http://localhost:3100"), hand);

  /** A clock that a test turns. */
  private static final class Hand extends Clock {

    private Instant now = Instant.EPOCH;

    void turn(Duration by) {
      now = now.plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private void calls(int many, PaperclipException failure) {
    for (int i = 0; i < many; i++) {
      if (!circuit.isOpen()) {
        circuit.failed(hand.millis(), failure);
      }
    }
  }

  private void goodCalls(int many) {
    for (int i = 0; i < many; i++) {
      if (!circuit.isOpen()) {
        circuit.succeeded(hand.millis());
      }
    }
  }

  @Test
  void it_opens_when_ten_calls_got_no_answer_and_closes_again_when_the_server_is_back() {
    calls(10, new NoAnswer("lost", null));
    assertThat(circuit.isOpen()).isTrue();

    hand.turn(SPARED);
    goodCalls(3);

    calls(9, new NoAnswer("lost", null));
    assertThat(circuit.isOpen()).as("closed: it takes ten failures again").isFalse();
  }

  @Test
  void it_stays_open_when_the_server_is_still_away_after_the_wait() {
    calls(10, new NoAnswer("lost", null));
    hand.turn(SPARED);

    calls(3, new NoAnswer("lost", null));

    assertThat(circuit.isOpen()).isTrue();
  }

  @Test
  void refusals_and_a_busy_server_are_signs_of_life() {
    calls(10, new Conflict("taken", new ApiError("taken", null, null)));
    calls(10, new TooManyRequests("busy", Duration.ofSeconds(1)));
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void a_few_lost_answers_among_many_good_ones_are_no_reason_to_open() {
    for (int i = 0; i < 10; i++) {
      calls(1, new NoAnswer("lost", null));
      goodCalls(1);
    }
    assertThat(circuit.isOpen()).isFalse();
  }
}
