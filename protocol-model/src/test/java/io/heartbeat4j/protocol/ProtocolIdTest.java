package io.heartbeat4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolIdTest {

  private static final String ID = "0b7c5b1e-8f4e-4c58-9a53-3f0e6a0f4d21";

  @Test
  void every_kind_of_id_reads_a_uuid_and_prints_it_again() throws ReflectiveOperationException {
    List<Class<?>> kinds = Arrays.asList(ProtocolId.class.getPermittedSubclasses());
    assertThat(kinds).hasSize(9);
    for (Class<?> kind : kinds) {
      assertThat(kind.getMethod("of", String.class).invoke(null, " " + ID + "\n")).hasToString(ID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-1-1-1-1", "run-1", "0b7c5b1e8f4e4c589a533f0e6a0f4d21",
      "0b7c5b1e-8f4e-4c58-9a53-3f0e6a0f4d21x"})
  void what_is_no_whole_uuid_is_refused_since_the_server_would_answer_500(String text) {
    assertThatThrownBy(() -> RunId.of(text))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("run id is not a UUID: '" + text + "'");
  }

  @Test
  void capital_letters_name_the_same_id() {
    assertThat(IssueId.of("0B7C5B1E-8F4E-4C58-9A53-3F0E6A0F4D21")).isEqualTo(IssueId.of(ID));
  }

  @Test
  void a_long_text_is_shown_in_part() {
    assertThatThrownBy(() -> AgentId.of("x".repeat(5_000))).message().hasSizeLessThan(120).contains("...");
  }
}
