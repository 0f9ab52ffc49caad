package io.heartbeat4j.testkit;

import io.heartbeat4j.worker.WorkerFactory;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class whose methods get, as parameters, what a worker meets: a {@link TestCompany} with an agent, its {@link
 * TestWorkspace}, its {@link TestClock}, and the {@link io.heartbeat4j.embedded.EmbeddedPaperclip} that holds it. Each
 * test has its own; worker and server are closed when it has ended.
 *
 * <pre>{@code
 * @HeartbeatTest(MyFactory.class)
 * class MyWorkerTest {
 *   @Test
 *   void a_newcomer_is_greeted(TestCompany company) {
 *     assertThat(company.issue("Greet the newcomer").isWorked()).isDone().hasCommentContaining("Hello");
 *   }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(HeartbeatExtension.class)
public @interface HeartbeatTest {

  /** The factory of the agent's worker; without one the test calls {@link TestCompany#useWorker}. */
  @SuppressWarnings("rawtypes") // a class literal has no type argument
  Class<? extends WorkerFactory>[] value() default {};

  /** The worker's settings as {@code key=value}; lists and maps are written as JSON, as in a variable. */
  String[] settings() default {};
}
