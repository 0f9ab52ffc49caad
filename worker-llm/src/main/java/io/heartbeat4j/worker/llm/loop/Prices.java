package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.llm.provider.ModelProvider.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** What models cost, in US dollars per million tokens: a built-in table, and the operator's own lines, which win. */
public final class Prices {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  /** Anthropic bills what it puts into its cache a quarter higher than other input. */
  private static final BigDecimal WRITTEN = new BigDecimal("1.25");

  private final Map<String, Price> byModel = new TreeMap<>(Comparator.comparing(String::length).reversed()
      .thenComparing(Comparator.naturalOrder()));

  private record Price(BigDecimal input, BigDecimal cached, BigDecimal output) {
    static Price of(String model, String written) {
      String[] parts = written.split("[,\\s]+");
      try {
        if (parts.length == 3) {
          Price price = new Price(new BigDecimal(parts[0]), new BigDecimal(parts[1]), new BigDecimal(parts[2]));
          if (price.input().signum() >= 0 && price.cached().signum() >= 0 && price.output().signum() >= 0) {
            return price;
          }
        }
      } catch (NumberFormatException wrong) {
        // told below
      }
      throw new IllegalArgumentException("the price of " + model + " is '" + written
          + "', it should be three numbers: input, cached input, output in US dollars per million tokens");
    }
  }

  private Prices() {}

  /** @throws IllegalArgumentException if a line is not three numbers */
  public static Prices of(Map<String, String> own) {
    Prices prices = new Prices();
    Properties table = new Properties();
    try (InputStream file = Prices.class.getResourceAsStream("prices.properties")) {
      table.load(new InputStreamReader(java.util.Objects.requireNonNull(file), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    table.stringPropertyNames().forEach(model -> prices.byModel.put(model, Price.of(model, table.getProperty(model))));
    own.forEach((model, price) -> prices.byModel.put(model, Price.of(model, price)));
    return prices;
  }

  /** What a call cost; empty where the model's price is not known. A version of a listed model costs what the model does. */
  public Optional<BigDecimal> of(String model, Tokens tokens) {
    return byModel.entrySet().stream()
        .filter(entry -> model.equals(entry.getKey()) || model.startsWith(entry.getKey() + "-"))
        .findFirst()
        .map(Map.Entry::getValue)
        .map(price -> price.input().multiply(BigDecimal.valueOf(tokens.input() - tokens.cached() - tokens.written()))
            .add(price.input().multiply(WRITTEN).multiply(BigDecimal.valueOf(tokens.written())))
            .add(price.cached().multiply(BigDecimal.valueOf(tokens.cached())))
            .add(price.output().multiply(BigDecimal.valueOf(tokens.output())))
            .divide(MILLION));
  }
}
