package io.heartbeat4j.testkit;

/** The entry to the assertions of this kit, to be imported beside AssertJ's own. */
public final class HeartbeatAssertions {

  private HeartbeatAssertions() {}

  public static TestIssueAssert assertThat(TestIssue actual) {
    return new TestIssueAssert(actual);
  }
}
