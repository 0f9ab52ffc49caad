package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of docs/faults.md has its test, and every test its row. */
class FaultTableTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\| `([a-z_0-9]+)`((?: [A-Z_]+,?)*) \\|$");

  @Test
  void each_row_is_held_by_a_test_and_each_test_has_a_row() throws IOException {
    String page = Files.readString(Path.of("../docs/faults.md"));

    List<String> rows = ROW.matcher(page).results().flatMap(FaultTableTest::cases).toList();

    assertThat(rows).doesNotHaveDuplicates();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(
        Stream.of(AgentKillTest.class, ServerKillTest.class, CancelTest.class).flatMap(FaultTableTest::cases)
            .collect(Collectors.toSet()));
  }

  private static Stream<String> cases(MatchResult row) {
    String test = row.group(1);
    List<String> points = Arrays.stream(row.group(2).split("[ ,]+")).filter(point -> !point.isEmpty()).toList();
    return points.isEmpty() ? Stream.of(test) : points.stream().map(point -> test + " " + point);
  }

  private static Stream<String> cases(Class<?> tests) {
    return Arrays.stream(tests.getDeclaredMethods()).flatMap(FaultTableTest::cases);
  }

  private static Stream<String> cases(Method test) {
    if (test.isAnnotationPresent(ParameterizedTest.class)) {
      EnumSource points = test.getAnnotation(EnumSource.class);
      Set<String> names = Set.of(points.names());
      return Arrays.stream(InterruptionPoint.values())
          .filter(interruptionPoint -> names.isEmpty() || names.contains(interruptionPoint.name()))
          .map(interruptionPoint -> test.getName() + " " + interruptionPoint);
    }
    return test.isAnnotationPresent(Test.class) ? Stream.of(test.getName()) : Stream.empty();
  }
}
