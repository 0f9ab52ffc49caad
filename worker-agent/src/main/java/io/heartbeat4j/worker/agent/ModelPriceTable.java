package io.heartbeat4j.worker.agent;

import static java.util.stream.Collectors.toMap;

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
import java.util.SortedMap;
import java.util.TreeMap;

/** Prices of models in US dollars per million tokens: a built-in table, overridden by the operator's lines. */
public final class ModelPriceTable {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  /** Anthropic bills what it puts into its cache a quarter higher than other input. */
  private static final BigDecimal WRITTEN = new BigDecimal("1.25");

  /** The longest name first. */
  private static final Comparator<String> ORDER = Comparator.comparingInt(String::length).reversed()
      .thenComparing(Comparator.naturalOrder());

  private static final ModelPriceTable BUILT_IN = new ModelPriceTable(prices(table()));

  private final SortedMap<String, Price> byModel;

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

  private ModelPriceTable(SortedMap<String, Price> byModel) {
    this.byModel = byModel;
  }

  /**
   * The built-in prices, with these before them.
   *
   * @throws IllegalArgumentException if a line is not three numbers
   */
  public static ModelPriceTable of(Map<String, String> own) {
    if (own.isEmpty()) {
      return BUILT_IN;
    }
    SortedMap<String, Price> all = new TreeMap<>(BUILT_IN.byModel);
    all.putAll(prices(own));
    return new ModelPriceTable(all);
  }

  /**
   * These prices alone: for a program whose calls may be covered by a subscription.
   *
   * @throws IllegalArgumentException if a line is not three numbers
   */
  public static ModelPriceTable onlyOf(Map<String, String> own) {
    return new ModelPriceTable(prices(own));
  }

  private static SortedMap<String, Price> prices(Map<String, String> written) {
    SortedMap<String, Price> prices = new TreeMap<>(ORDER);
    written.forEach((model, price) -> prices.put(model, Price.of(model, price)));
    return prices;
  }

  private static Map<String, String> table() {
    Properties table = new Properties();
    try (InputStream file = ModelPriceTable.class.getResourceAsStream("prices.properties")) {
      table.load(new InputStreamReader(java.util.Objects.requireNonNull(file), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return table.stringPropertyNames().stream().collect(toMap(model -> model, table::getProperty));
  }

  /**
   * What a call cost; empty where the model's price is not known. A version of a listed model costs what the model
   * does.
   *
   * @param input all input, cached input included
   * @param cacheRead input that came from the provider's cache
   * @param cacheWritten input that the provider put into its cache, where it bills that apart
   */
  public Optional<BigDecimal> of(String model, long input, long cacheRead, long cacheWritten, long output) {
    return byModel.entrySet().stream()
        .filter(entry -> model.equals(entry.getKey()) || model.startsWith(entry.getKey() + "-"))
        .findFirst()
        .map(Map.Entry::getValue)
        .map(price -> price.input()
            .multiply(BigDecimal.valueOf(input - cacheRead - cacheWritten))
            .add(price.input().multiply(WRITTEN).multiply(BigDecimal.valueOf(cacheWritten)))
            .add(price.cached().multiply(BigDecimal.valueOf(cacheRead)))
            .add(price.output().multiply(BigDecimal.valueOf(output)))
            .divide(MILLION));
  }
}
