package io.heartbeat4j.cluster;

import io.heartbeat4j.host.cluster.Here;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together. */
final class ClusterNeighbours implements Neighbours {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNeighbours.class);

  private final Members members;
  private final Claims claims;
  private final Works works;
  private final Forwarding forwarding;
  private final Estates estates;

  ClusterNeighbours(
      Members members, Claims claims, Works works, Forwarding forwarding, Passing passing, Estates estates) {
    this.members = members;
    this.claims = claims;
    this.works = works;
    this.forwarding = forwarding;
    this.estates = estates;
    members.onFarewell(passing::forget);
  }

  /** The names of the hosts that this one sees. */
  List<String> others() {
    return members.others();
  }

  @Override
  public void mount(Router router, Here here) {
    forwarding.mount(router, here);
  }

  @Override
  public void open(Here here) {
    members.serve();
    estates.watch(here);
  }

  @Override
  public boolean isHome(String agent) {
    return members.serves() && members.home(agent).equals(members.self());
  }

  @Override
  public Future<Boolean> keeps(RunId run) {
    return claims.keeps(run);
  }

  @Override
  public Future<Turn> turn(HostedRun run) {
    return works.turn(run.identity().id(), run.issue(), run.id(), run::isStopRequested);
  }

  @Override
  public void accepted(HostedRun run) {
    claims.accepted(run.id())
        .onFailure(failure -> LOG.warn("run {} is not known to the other hosts yet", run.id(), failure));
  }

  @Override
  public void ended(HostedRun run, RunResult result) {
    claims.ended(run.id()).onFailure(failure -> LOG.debug("run {}", run.id(), failure));
  }

  @Override
  public void leave() {
    members.leave();
    estates.end();
  }

  @Override
  public Future<Void> close() {
    return members.close();
  }
}
