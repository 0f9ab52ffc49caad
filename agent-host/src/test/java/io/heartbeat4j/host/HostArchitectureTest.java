package io.heartbeat4j.host;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.client.RunSession;
import org.junit.jupiter.api.Test;

/** The arrows to and inside the host. */
class HostArchitectureTest {

  private final JavaClasses house = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.heartbeat4j");

  @Test
  void the_core_does_not_know_the_host() {
    noClasses().that()
        .resideInAnyPackage("io.heartbeat4j.heartbeat..", "io.heartbeat4j.client..", "io.heartbeat4j.worker..")
        .should().dependOnClassesThat().resideInAPackage("io.heartbeat4j.host..")
        .check(house);
  }

  @Test
  void the_packages_of_the_host_form_no_cycle() {
    slices().matching("io.heartbeat4j.host.(**)").should().beFreeOfCycles()
        .check(house);
  }

  @Test
  void runs_know_neither_how_they_come_in_nor_who_looks() {
    noClasses().that().resideInAPackage("io.heartbeat4j.host.run..")
        .should().dependOnClassesThat().resideInAnyPackage(
            "io.heartbeat4j.host.http..", "io.heartbeat4j.host.observability..", "io.vertx.ext.web..")
        .check(house);
  }

  @Test
  void the_host_never_takes_an_issue_itself() {
    noClasses().that().resideInAPackage("io.heartbeat4j.host..")
        .should().dependOnClassesThat().areAssignableTo(IssueLease.class)
        .orShould().dependOnClassesThat().areAssignableTo(RunSession.class)
        .check(house);
  }
}
