package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.ApiError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ServerCircuitBreakerTest {

  private static final Duration OPEN_TIME = Duration.ofSeconds(6);

  private final ManualClock clock = new ManualClock();
  private final ServerCircuitBreaker serverCircuitBreaker = new ServerCircuitBreaker(
      ServerUrl.of("http://localhost:3100"), clock);

  /** A clock that a test turns. */
  private static final class ManualClock extends Clock {

    private Instant now = Instant.EPOCH;

    void advance(Duration by) {
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
      if (!serverCircuitBreaker.isOpen()) {
        serverCircuitBreaker.recordFailure(clock.millis(), failure);
      }
    }
  }

  private void goodCalls(int many) {
    for (int i = 0; i < many; i++) {
      if (!serverCircuitBreaker.isOpen()) {
        serverCircuitBreaker.recordSuccess(clock.millis());
      }
    }
  }

  @Test
  void it_opens_when_ten_calls_got_no_answer_and_closes_again_when_the_server_is_back() {
    calls(10, new ResponseLost("lost", null));
    assertThat(serverCircuitBreaker.isOpen()).isTrue();

    clock.advance(OPEN_TIME);
    goodCalls(3);

    calls(9, new ResponseLost("lost", null));
    assertThat(serverCircuitBreaker.isOpen()).as("closed: it takes ten failures again").isFalse();
  }

  @Test
  void it_stays_open_when_the_server_is_still_away_after_the_wait() {
    calls(10, new ResponseLost("lost", null));
    clock.advance(OPEN_TIME);

    calls(3, new ResponseLost("lost", null));

    assertThat(serverCircuitBreaker.isOpen()).isTrue();
  }

  @Test
  void refusals_and_a_busy_server_are_signs_of_life() {
    calls(10, new Conflict("taken", new ApiError("taken", null, null)));
    calls(10, new TooManyRequests("busy", Duration.ofSeconds(1)));
    assertThat(serverCircuitBreaker.isOpen()).isFalse();
  }

  @Test
  void a_few_lost_answers_among_many_good_ones_are_no_reason_to_open() {
    for (int i = 0; i < 10; i++) {
      calls(1, new ResponseLost("lost", null));
      goodCalls(1);
    }
    assertThat(serverCircuitBreaker.isOpen()).isFalse();
  }
}
