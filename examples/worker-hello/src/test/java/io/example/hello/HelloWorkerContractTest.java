package io.example.hello;

import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.WorkerContractTest;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.Map;
import java.util.Optional;

class HelloWorkerContractTest extends WorkerContractTest {

  @Override protected WorkerFactory<?> factory() { return new HelloWorkerFactory(); }

  @Override protected Optional<Map<String, Object>> settings(Work work, TestCompany company) {
    return work == Work.ENDS ? Optional.of(Map.of()) : Optional.empty();
  }
}
