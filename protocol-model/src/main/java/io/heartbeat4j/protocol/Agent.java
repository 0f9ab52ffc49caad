package io.heartbeat4j.protocol;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own record, {@code GET /api/agents/me} (step 1, contract section 5).
 *
 * @param budgetMonthlyCents whole cents; 0 means unlimited
 * @param chainOfCommand nearest manager first
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Agent(
    AgentId id,
    CompanyId companyId,
    String name,
    @Nullable String role,
    @Nullable String title,
    AgentStatus status,
    @Nullable AgentId reportsTo,
    @Nullable String adapterType,
    long budgetMonthlyCents,
    long spentMonthlyCents,
    @Nullable String pauseReason,
    @Nullable String errorReason,
    List<Colleague> chainOfCommand,
    @Nullable Access access,
    @Nullable AdapterConfig adapterConfig) {

  /** What the agent may do to others' work. */
  public record Access(boolean canAssignTasks) {}

  /**
   * What of the adapter's settings concerns the agent itself.
   *
   * @param instructionsEntryFile the file of the agent's instructions that the server keeps, where it keeps any
   * @param apiBaseUrl where the gateway adapter wakes the agent
   * @param url where the http adapter wakes it
   */
  public record AdapterConfig(@Nullable String instructionsEntryFile, @Nullable String apiBaseUrl,
      @Nullable String url) {

    /** Where the agent is woken over HTTP, if it is. */
    public Optional<String> wakeUrl() {
      return Optional.ofNullable(apiBaseUrl).or(() -> Optional.ofNullable(url));
    }
  }

  public Agent {
    chainOfCommand = NullSafeLists.copyWithoutNulls(chainOfCommand);
  }

  /** The nearest manager, if the agent has one. */
  public Optional<Colleague> manager() {
    return chainOfCommand.stream().findFirst();
  }

  public boolean canAssignTasks() {
    return access != null && access.canAssignTasks();
  }

  /** What is left of the month's budget in US dollars; empty where nothing limits it. */
  public Optional<BigDecimal> budgetLeft() {
    return budgetMonthlyCents == 0
        ? Optional.empty()
        : Optional.of(BigDecimal.valueOf(budgetMonthlyCents - spentMonthlyCents, 2));
  }

  /** The file of the instructions that the server keeps for the agent. */
  public Optional<String> instructionsFile() {
    return Optional.ofNullable(adapterConfig).map(AdapterConfig::instructionsEntryFile);
  }

  /** Whether the month's budget is spent; the server pauses such an agent (contract section 8). */
  public boolean isOverBudget() {
    return budgetMonthlyCents > 0 && spentMonthlyCents >= budgetMonthlyCents;
  }
}
