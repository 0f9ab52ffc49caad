package io.heartbeat4j.cli.demo;

import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** One issue and one heartbeat: a later wake of the agent, such as by its own result, is answered and not worked. */
final class IssueTrial {

  private final IssueFile issue;
  private final Function<Map<String, String>, Future<?>> heartbeat;

  IssueTrial(IssueFile issue, Function<Map<String, String>, Future<?>> heartbeat) {
    this.issue = issue;
    this.heartbeat = heartbeat;
  }

  /** Ends when the heartbeat has; fails as it does. */
  Future<TriedIssue> run(EmbeddedPaperclip server) {
    return TrialCompany.create(server.board(), "Worker").compose(company -> {
      Promise<Object> ended = Promise.promise();
      AtomicBoolean woken = new AtomicBoolean();
      server.setWakeHandler(company.agent(), wake -> woken.getAndSet(true)
          ? Future.succeededFuture(0)
          : heartbeat.apply(wake.environment()).<Object>mapEmpty().onComplete(ended).map(0));
      return company.assign(issue).compose(id -> ended.future().compose(done -> company.read(id)));
    });
  }
}
