package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.ApiError;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final ApiError ERROR = new ApiError("no", null, null);

  private final RetryPolicy retryPolicy = new RetryPolicy(ClientOptions.defaults());

  @Test
  void no_refusal_is_ever_worth_repeating_but_the_500_behind_a_keyed_create() throws ReflectiveOperationException {
    List<Class<?>> refusals = AttemptCountTest.leafTypes(PermanentFailure.class);
    assertThat(refusals).contains(Conflict.class, Unauthorized.class, Forbidden.class, NotFound.class,
        Unprocessable.class);
    for (Class<?> type : refusals) {
      Throwable refusal = example(type);
      for (RetryMode retryMode : RetryMode.values()) {
        assertThat(retryPolicy.shouldRetry(retryMode, refusal))
            .as("%s of a %s", type.getSimpleName(), retryMode)
            .isEqualTo(type == ServerError.class && retryMode == RetryMode.KEYED_CREATE);
      }
    }
  }

  @Test
  void a_write_without_a_key_is_repeated_only_if_it_was_not_processed() {
    assertThat(retryPolicy.shouldRetry(RetryMode.UNKEYED, new ResponseLost("lost", null))).isFalse();
    assertThat(retryPolicy.shouldRetry(RetryMode.KEYED, new ResponseLost("lost", null))).isTrue();
    assertThat(retryPolicy.shouldRetry(RetryMode.UNKEYED, new TooManyRequests("busy", Duration.ofSeconds(1)))).isTrue();
  }

  @Test
  void a_wait_that_is_longer_than_allowed_fails_at_once() {
    assertThat(retryPolicy.shouldRetry(RetryMode.READ, new TooManyRequests("busy", Duration.ofHours(1)))).isFalse();
  }

  @Test
  void a_wait_that_the_server_names_is_kept_to() {
    assertThat(
        retryPolicy.retryFor(RetryMode.READ).asyncContext().onError(new TooManyRequests("busy", Duration.ofSeconds(7))))
        .isEqualTo(7_000);
  }

  @Property
  void the_back_off_grows_within_its_bounds(@ForAll @IntRange(min = 1, max = 60) int attempt, @ForAll long seed) {
    ClientOptions options = ClientOptions.defaults()
        .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(3)).withRandom(new Random(seed));
    long longest = Math.min(3_000, 100L << Math.min(20, attempt - 1));
    assertThat(new RetryPolicy(options).backOffMillis(attempt)).isBetween(longest / 2, longest);
  }

  private static Throwable example(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = Arrays.stream(type.getDeclaredConstructors())
        .filter(each -> !Modifier.isPrivate(each.getModifiers()))
        .findFirst().orElseThrow();
    Object[] arguments = Arrays.stream(constructor.getParameterTypes())
        .map(parameter -> parameter == String.class ? "made by a test"
            : parameter == int.class ? Integer.valueOf(500)
                : parameter == ApiError.class ? ERROR
                    : null)
        .toArray();
    return (Throwable) constructor.newInstance(arguments);
  }
}
