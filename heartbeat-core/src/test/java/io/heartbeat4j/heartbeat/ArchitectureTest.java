package io.heartbeat4j.heartbeat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.client.RunSession;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.steps.CheckoutStep;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.SilentUpdate;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and the rules of the protocol that the compiler alone can't keep. */
class ArchitectureTest {

  private final JavaClasses house = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.heartbeat4j");

  @Test
  void only_the_checkout_step_asks_for_a_lease() {
    noClasses().that().areNotAssignableTo(CheckoutStep.class).and().resideOutsideOfPackage("io.heartbeat4j.client..")
        .should().callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
            com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                com.tngtech.archunit.base.DescribedPredicate.describe("RunSession",
                    owner -> owner.isEquivalentTo(RunSession.class))))
            .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasName.Predicates.name("checkout"))))
        .check(house);
  }

  @Test
  void only_the_delivery_of_a_journal_takes_an_issue_up_again_without_a_checkout() {
    noClasses().that().areNotAssignableTo(OfflineRecovery.class).and().resideInAPackage("io.heartbeat4j..")
        .should().callMethod(RunSession.class, "resume", IssueId.class)
        .check(house);
  }

  @Test
  void only_the_planner_of_dispositions_leaves_a_comment_out() {
    noClasses().that().doNotHaveSimpleName("DispositionPlanner").and().doNotHaveSimpleName("PlannedUpdate")
        .and().resideOutsideOfPackage("io.heartbeat4j.protocol")
        .should().callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
            com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                com.tngtech.archunit.base.DescribedPredicate.describe(
                    "SilentUpdate", owner -> owner.isEquivalentTo(SilentUpdate.class)))))
        .check(house);
  }

  @Test
  void the_packages_form_no_cycle() {
    slices().matching("io.heartbeat4j.(**)").should().beFreeOfCycles().check(house);
  }

  @Test
  void plugin_loading_redaction_and_storage_know_nothing_of_the_heartbeat() {
    noClasses().that().resideInAnyPackage(
        "io.heartbeat4j.plugin..", "io.heartbeat4j.redaction..", "io.heartbeat4j.storage..")
        .should().dependOnClassesThat().resideInAnyPackage(
            "io.heartbeat4j.heartbeat..", "io.heartbeat4j.client..", "io.heartbeat4j.protocol..")
        .check(house);
  }

  @Test
  void a_lease_can_be_made_by_the_client_only() {
    classes().that().areAssignableTo(IssueLease.class).should().haveOnlyPrivateConstructors()
        .orShould(com.tngtech.archunit.lang.conditions.ArchConditions.be(
            com.tngtech.archunit.base.DescribedPredicate.describe("without a public constructor",
                type -> type.getConstructors().stream()
                    .noneMatch(constructor -> constructor.getModifiers()
                        .contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC)))))
        .check(house);
  }

  @Test
  void the_model_depends_on_no_other_module() {
    noClasses().that().resideInAPackage("io.heartbeat4j.protocol..")
        .should().dependOnClassesThat().resideInAnyPackage(
            "io.heartbeat4j.client..", "io.heartbeat4j.worker..", "io.heartbeat4j.heartbeat..",
            "io.heartbeat4j.plugin..",
            "io.heartbeat4j.redaction..", "io.heartbeat4j.storage..", "io.vertx..")
        .check(house);
  }

  @Test
  void a_plugin_author_sees_the_model_and_a_logger_only() {
    noClasses().that().resideInAPackage("io.heartbeat4j.worker")
        .should().dependOnClassesThat().resideInAnyPackage(
            "io.heartbeat4j.client..", "io.heartbeat4j.heartbeat..", "io.heartbeat4j.plugin..",
            "io.heartbeat4j.redaction..",
            "io.heartbeat4j.storage..", "io.vertx..", "com.google..", "io.github.resilience4j..")
        .check(house);
  }

  @Test
  void the_client_knows_neither_workers_nor_steps() {
    noClasses().that().resideInAPackage("io.heartbeat4j.client..")
        .should().dependOnClassesThat().resideInAnyPackage(
            "io.heartbeat4j.worker..", "io.heartbeat4j.heartbeat..", "io.heartbeat4j.plugin..",
            "io.heartbeat4j.redaction..",
            "io.heartbeat4j.storage..")
        .check(house);
  }

  @Test
  void only_one_class_configures_what_is_sent_again() {
    noClasses().that().doNotHaveSimpleName("RetryPolicy").and().resideInAPackage("io.heartbeat4j..")
        .should().dependOnClassesThat().haveNameMatching("io\\.github\\.resilience4j\\.retry\\.RetryConfig.*")
        .check(house);
  }
}
