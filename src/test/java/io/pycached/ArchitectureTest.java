package io.pycached;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Who may know whom. A new package needs a line here: {@link #ARROWS} is the whole of the
 * architecture.
 */
final class ArchitectureTest {
  private static final String ROOT = "io.pycached.";
  private static final String ALL = "io.pycached..";

  /** What each package may import of the others, and nothing else of pycached. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          // The domain.
          Map.entry("pyc", List.of()),
          Map.entry("layout", List.of()),
          Map.entry("fs", List.of()),
          Map.entry("survey", List.of("pyc", "layout", "fs")),
          // A survey is made of the values of what is below it.
          Map.entry("audit", List.of("survey", "layout", "fs")),
          Map.entry("policy", List.of("survey", "audit", "pyc", "layout", "fs")),
          Map.entry("apply", List.of("policy", "audit", "survey", "pyc", "layout", "fs")),
          Map.entry("clean", List.of("pyc", "layout", "fs")),
          Map.entry("compile", List.of("pyc", "layout", "fs")),
          Map.entry(
              "reconcile",
              List.of("compile", "apply", "policy", "audit", "survey", "pyc", "layout", "fs")),
          // An outcome is an event, and a reconciler tells of it.
          Map.entry("journal", List.of("reconcile", "apply", "layout", "fs")),
          // The edges, which know one thing each.
          Map.entry("watch", List.of("layout", "fs")),
          Map.entry("measure", List.of()),
          // What is wrong with a machine is a matter of all that the domain knows.
          Map.entry("doctor", List.of("audit", "compile", "survey", "layout", "fs")),
          Map.entry("config", List.of()),
          Map.entry("systemd", List.of()),
          Map.entry("metrics", List.of()),
          Map.entry("admin", List.of("layout")),
          Map.entry(
              "report",
              List.of(
                  "journal",
                  "reconcile",
                  "clean",
                  "doctor",
                  "compile",
                  "measure",
                  "apply",
                  "policy",
                  "survey",
                  "pyc",
                  "layout",
                  "fs")),
          // What puts them together.
          Map.entry(
              "daemon",
              List.of(
                  "report",
                  "journal",
                  "admin",
                  "metrics",
                  "config",
                  "systemd",
                  "watch",
                  "reconcile",
                  "compile",
                  "apply",
                  "policy",
                  "audit",
                  "survey",
                  "pyc",
                  "layout",
                  "fs")),
          Map.entry(
              "cli",
              List.of(
                  "daemon",
                  "report",
                  "journal",
                  "admin",
                  "metrics",
                  "config",
                  "systemd",
                  "watch",
                  "reconcile",
                  "clean",
                  "doctor",
                  "measure",
                  "compile",
                  "apply",
                  "policy",
                  "audit",
                  "survey",
                  "pyc",
                  "layout",
                  "fs")));

  /** Libraries, and the packages that may know them. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "com.github.benmanes.caffeine..", List.of("survey", "compile", "reconcile", "metrics"),
          "io.methvin..", List.of("watch"),
          "org.tomlj..", List.of("config"),
          "io.micrometer..", List.of("metrics"),
          "io.prometheus..", List.of("metrics"),
          "org.eclipse.jetty..", List.of("admin"),
          "com.google.gson..", List.of("report", "admin", "journal"),
          "picocli..", List.of("cli"),
          "org.slf4j..", List.of("watch", "admin", "metrics", "systemd", "daemon", "cli"));

  /**
   * The JDK's own HTTP, logging and the like are nobody's; {@code jdk.net} is the socket's peer.
   */
  private static final List<String> EVERYBODY = List.of("java..", "org.jspecify..");

  private static final JavaClasses MAIN = read(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS);
  private static final JavaClasses TESTS = read(ImportOption.Predefined.ONLY_INCLUDE_TESTS);

  /** Who depends on what is a matter of names: nothing of the JDK or a library has to be read. */
  private static JavaClasses read(ImportOption which) {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter().withImportOption(which).importPackages("io.pycached");
  }

  @TestFactory
  Stream<DynamicTest> packages_importOnlyAlongTheArrows() {
    return ARROWS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            arrow ->
                check(
                    arrow.getKey() + " -> " + String.join(", ", arrow.getValue()),
                    noClasses()
                        .that()
                        .resideInAPackage(ROOT + arrow.getKey() + "..")
                        .should()
                        .dependOnClassesThat(are(unknownTo(arrow)))));
  }

  private static DescribedPredicate<JavaClass> unknownTo(Map.Entry<String, List<String>> arrow) {
    String[] known =
        Stream.concat(Stream.of(arrow.getKey()), arrow.getValue().stream())
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);
    return resideInAnyPackage(ALL)
        .and(DescribedPredicate.not(resideInAnyPackage(known)))
        .as("of pycached, but not in %s", String.join(", ", known));
  }

  @TestFactory
  Stream<DynamicTest> libraries_areKnownToTheirOwnPackagesOnly() {
    return LIBRARIES.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            library ->
                check(
                    library.getKey() + " in " + String.join(", ", library.getValue()),
                    noClasses()
                        .that()
                        .resideOutsideOfPackages(packages(library.getValue()))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library.getKey())));
  }

  /**
   * What is not listed as a library is the JDK's, or a dependency that nobody has thought about.
   */
  @TestFactory
  Stream<DynamicTest> packages_knowNoOtherLibraries() {
    return Stream.of(ARROWS.keySet().toArray(String[]::new))
        .sorted()
        .map(
            name ->
                check(
                    name,
                    classes()
                        .that()
                        .resideInAPackage(ROOT + name + "..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(librariesOf(name))));
  }

  private static String[] librariesOf(String name) {
    Stream<String> own =
        LIBRARIES.entrySet().stream()
            .filter(library -> library.getValue().contains(name))
            .map(Map.Entry::getKey);
    Stream<String> socket = name.equals("admin") ? Stream.of("jdk.net..") : Stream.empty();
    return Stream.of(EVERYBODY.stream(), own, socket, Stream.of(ALL))
        .flatMap(each -> each)
        .toArray(String[]::new);
  }

  @Test
  void packages_areAllListed() {
    classes().should().resideInAnyPackage(packages(List.copyOf(ARROWS.keySet()))).check(MAIN);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
  }

  // The world is handed in.

  @Test
  void clock_isReadByTheOuterPackagesOnly() {
    nobodyBut("cli", "daemon")
        .should()
        .callMethodWhere(isCallOf(Instant.class, "now"))
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(MAIN);
  }

  @Test
  void environment_isReadByTheOuterPackagesOnly() {
    nobodyBut("cli", "daemon")
        .should()
        .callMethodWhere(isCallOf(System.class, "getenv"))
        .check(MAIN);
  }

  /** {@code RawPath} needs the one way from bytes to a path that keeps them: a URI. */
  @Test
  void paths_areMadeByTheOuterPackagesOnly() {
    nobodyBut("cli", "daemon")
        .should()
        .callMethodWhere(
            isCallOf(Path.class, "of")
                .and(
                    DescribedPredicate.not(
                        DescribedPredicate.describe(
                            "in RawPath",
                            call -> call.getOriginOwner().getSimpleName().equals("RawPath")))))
        .check(MAIN);
  }

  /** A process is told its working directory in no other way. */
  @Test
  void files_areNeverTheOldKind() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "compile.Child")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(File.class.getName())
        .orShould()
        .callMethod(Path.class, "toFile")
        .check(MAIN);
  }

  @Test
  void nobody_sleepsButWhoIsThereToWait() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "daemon.SurveySchedule")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "reconcile.Workshop")
        .should()
        .callMethodWhere(isCallOf(Thread.class, "sleep"))
        .check(MAIN);
  }

  @Test
  void tests_doNotSleep() {
    noClasses().should().callMethodWhere(isCallOf(Thread.class, "sleep")).check(TESTS);
  }

  private static GivenClassesConjunction nobodyBut(String... names) {
    return noClasses().that().resideOutsideOfPackages(packages(List.of(names)));
  }

  private static DescribedPredicate<JavaCall<?>> isCallOf(Class<?> type, String method) {
    return target(owner(JavaClass.Predicates.equivalentTo(type))).and(target(name(method)));
  }

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  /** A package without classes is no mistake here: {@link #packages_areAllListed} finds those. */
  private static DynamicTest check(String name, ArchRule rule) {
    return DynamicTest.dynamicTest(name, () -> rule.allowEmptyShould(true).check(MAIN));
  }
}
