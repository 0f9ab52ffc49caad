package io.heartbeat4j.testkit;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Starts a company for each test that has a parameter for it; JUnit closes what is in a test's store. */
final class HeartbeatExtension implements ParameterResolver {

  private static final Map<Class<?>, Function<TestCompany, Object>> PARAMETERS = Map.of(
      TestCompany.class, company -> company,
      TestWorkspace.class, TestCompany::workspace,
      TestClock.class, TestCompany::clock,
      EmbeddedPaperclip.class, TestCompany::server);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestCompany company = context.getStore(ExtensionContext.Namespace.create(HeartbeatExtension.class))
        .getOrComputeIfAbsent(TestCompany.class, first -> start(context.getRequiredTestClass()), TestCompany.class);
    return Objects.requireNonNull(PARAMETERS.get(parameter.getParameter().getType()), "is supported").apply(company);
  }

  private static TestCompany start(Class<?> test) {
    TestCompany company = TestCompany.start();
    AnnotationSupport.findAnnotation(test, HeartbeatTest.class).ifPresent(annotation -> {
      for (Class<?> factory : annotation.value()) {
        company.useWorker((WorkerFactory<?>) ReflectionSupport.newInstance(factory), settings(annotation));
      }
    });
    return company;
  }

  private static Map<String, Object> settings(HeartbeatTest annotation) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String written : annotation.settings()) {
      String[] parts = written.split("=", 2);
      if (parts.length < 2) {
        throw new ExtensionConfigurationException("@HeartbeatTest: the setting '" + written + "' is not key=value");
      }
      settings.put(parts[0].strip(), parts[1].strip());
    }
    return settings;
  }
}
