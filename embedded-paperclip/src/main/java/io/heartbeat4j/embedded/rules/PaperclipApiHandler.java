package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles requests by Paperclip's rules, without sockets.
 *
 * <p>Not thread-safe: {@link #handle}, the futures of the {@link RunAdapter} and the actions in the {@link
 * TimeScheduler} run on one thread. Time and ids come only from {@link TimeScheduler} and {@link IdGenerator}, so that
 * a simulation can be repeated.
 */
public final class PaperclipApiHandler {

  private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

  private final Router router = new Router();
  private final RequestAuthenticator requestAuthenticator;

  /** Creates the rules with empty state. */
  public PaperclipApiHandler(TimeScheduler scheduler, IdGenerator idGenerator, RunAdapter runAdapter,
      ServerBehaviorOptions options) {
    ServerState server = new ServerState(scheduler, idGenerator, options);
    RunTokenService tokens = new RunTokenService(server);
    this.requestAuthenticator = new RequestAuthenticator(server, tokens);
    CommentWriter commentWriter = new CommentWriter(server);
    RunDispatcher runDispatcher = new RunDispatcher(server, runAdapter, tokens);
    WakeAdmissionService wakeAdmission = new WakeAdmissionService(server, runDispatcher);
    IssueRecoveryRules recoveryRules = new IssueRecoveryRules(server, commentWriter);
    recoveryRules.setWakeAdmission(wakeAdmission);
    RunFinisher runFinisher = new RunFinisher(server, runDispatcher, recoveryRules);
    runDispatcher.setRunFinisher(runFinisher);
    IssueAccessControl accessControl = new IssueAccessControl(server);
    ReviewStageRules stageRules = new ReviewStageRules(server);
    IssueWakeRules wakeRules = new IssueWakeRules(server, wakeAdmission, runFinisher);
    IssueMonitorScheduler monitorScheduler = new IssueMonitorScheduler(server, wakeAdmission);
    ApprovalRoutes approvalRoutes = new ApprovalRoutes(server, wakeAdmission, wakeRules);

    router.route("GET", "/api/health", apiCall -> ServerResponse.ok(health()));
    new CompanyRoutes(server).routes(router);
    new IssueListRoutes(server).routes(router);
    AgentJsonRenderer agentJson = new AgentJsonRenderer(server);
    new AgentRoutes(server, agentJson, runFinisher).routes(router);
    new WakeupRoutes(server, wakeAdmission).routes(router);
    new RunRoutes(server, runFinisher).routes(router);
    new IssueReadRoutes(server, accessControl).routes(router);
    new IssueCreationRoutes(server, accessControl, wakeRules, stageRules).routes(router);
    new IssueUpdateRoute(server, accessControl, new StatusChangeValidator(server), commentWriter, monitorScheduler,
        stageRules, wakeRules, runFinisher).routes(router);
    new CheckoutRoutes(server, accessControl).routes(router);
    new CommentRoutes(server, accessControl, commentWriter, wakeRules).routes(router);
    new InteractionRoutes(server, accessControl, wakeAdmission, wakeRules).routes(router);
    approvalRoutes.routes(router);
    new DocumentRoutes(server, accessControl).routes(router);
    new CostEventRoutes(server, agentJson, approvalRoutes, runFinisher).routes(router);
    new RecoveryActionRoutes(server, accessControl, wakeAdmission).routes(router);
    new TreeHoldRoutes(server, accessControl, runFinisher).routes(router);
  }

  /**
   * Handles a request. The future is complete on return, except when the request waits for the end of a run. It never
   * fails: an exception in a rule is a response with status 500, like on the real server.
   */
  public Future<ServerResponse> handle(ServerRequest serverRequest) {
    try {
      JsonNode body = parse(serverRequest);
      RequestActor requestActor = requestAuthenticator.authenticate(serverRequest);
      Optional<Router.RouteMatch> match = router.match(serverRequest.method(), serverRequest.path());
      if (match.isEmpty()) {
        throw ApiException.notFound("API route not found");
      }
      ApiCall apiCall = new ApiCall(serverRequest, requestActor, match.get().params(), body);
      return match.get().handler().handle(apiCall).recover(failure -> Future.succeededFuture(errorResponse(failure)));
    } catch (RuntimeException failure) {
      return Future.succeededFuture(errorResponse(failure));
    }
  }

  /** The agent of the credentials; empty for the board and for invalid credentials. */
  public Optional<SenderIdentity> identifySender(ServerRequest serverRequest) {
    try {
      return requestAuthenticator.authenticate(serverRequest) instanceof RequestActor.AgentActor agent
          ? Optional.of(new SenderIdentity(agent.agent().id, Optional.ofNullable(agent.runId())))
          : Optional.empty();
    } catch (ApiException refused) {
      return Optional.empty();
    }
  }

  private static ServerResponse errorResponse(Throwable failure) {
    if (failure instanceof ApiException apiException) {
      return apiException.response();
    }
    System.getLogger(PaperclipApiHandler.class.getName()).log(System.Logger.Level.ERROR, "A rule threw an exception",
        failure);
    return ApiException.internalError().response();
  }

  /** Bodies that are too large or malformed are 500, not 413 and 400, like on the real server. */
  private static @Nullable JsonNode parse(ServerRequest serverRequest) {
    String text = serverRequest.body();
    if (text.length() > MAX_BODY_BYTES) {
      throw ApiException.internalError();
    }
    String type = serverRequest.headerValue("content-type");
    boolean json = type != null && type.toLowerCase(Locale.ROOT).contains("json");
    if (text.isEmpty()) {
      return json ? JsonNodes.object() : null;
    }
    if (!json) {
      return null;
    }
    try {
      JsonNode body = JsonNodes.parse(text);
      if (!body.isContainerNode()) {
        throw ApiException.internalError();
      }
      return body;
    } catch (JsonProcessingException malformed) {
      throw ApiException.internalError();
    }
  }

  private static ObjectNode health() {
    ObjectNode health = JsonNodes.object().put("status", "ok").put("version", "2026.916.1");
    health.put("deploymentMode", "local_trusted").put("authReady", true).put("bootstrapStatus", "ready");
    health.putObject("startupRecovery").put("phase", "ready").putNull("error");
    return health;
  }
}
