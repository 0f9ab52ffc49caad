package io.heartbeat4j.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPriceTableTest {

  private static Optional<BigDecimal> millionIn(ModelPriceTable prices, String model) {
    return prices.of(model, 1_000_000, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
      "claude-sonnet-4-5, 3", "claude-sonnet-4-5-20250929, 3", "claude-sonnet-4-20250514, 3",
      "claude-opus-5, 5", "claude-opus-5-5, 4", "claude-haiku-4-5-20251001, 1", "gpt-5-mini-2025-08-07, 0.25",
      "gpt-5.4-mini, 0.75",
      "gemini-3.1-pro-preview, 2"
  })
  void a_version_costs_what_its_model_does_and_the_longest_name_wins(String model, BigDecimal dollars) {
    assertThat(millionIn(ModelPriceTable.of(Map.of()), model))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo(dollars));
  }

  @Test
  void the_operators_own_lines_win_and_add() {
    ModelPriceTable modelPriceTable = ModelPriceTable.of(Map.of("claude-opus-5-5", "1, 1, 1", "my-own", "0, 0, 0"));
    assertThat(millionIn(modelPriceTable, "claude-opus-5-5"))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("1"));
    assertThat(millionIn(modelPriceTable, "my-own")).hasValueSatisfying(cost -> assertThat(cost).isZero());
    assertThat(millionIn(modelPriceTable, "nobody-knows-it")).isEmpty();
  }

  @Test
  void a_table_of_the_operators_lines_alone_knows_no_other_model() {
    ModelPriceTable own = ModelPriceTable.onlyOf(Map.of("my-own", "2, 1, 1"));
    assertThat(millionIn(own, "my-own")).hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("2"));
    assertThat(millionIn(own, "claude-opus-5-5")).isEmpty();
  }

  @Test
  void cached_and_written_input_have_their_own_price_and_nothing_is_rounded() {
    ModelPriceTable modelPriceTable = ModelPriceTable.of(Map.of("m", "4, 0.20, 20"));
    assertThat(modelPriceTable.of("m", 1000, 600, 300, 7))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.00216")); // 100 x 4 + 300 x 5 + 600 x 0.2 + 7 x 20, by a million
  }

  @Test
  void a_line_that_is_no_price_is_told_with_what_it_should_be() {
    assertThatThrownBy(() -> ModelPriceTable.of(Map.of("m", "1, 2"))).hasMessageContaining("the price of m is '1, 2'")
        .hasMessageContaining("input, cached input, output");
    assertThatThrownBy(() -> ModelPriceTable.of(Map.of("m", "-1, 0, 2"))).isInstanceOf(IllegalArgumentException.class);
  }
}
