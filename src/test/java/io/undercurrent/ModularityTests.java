package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.rows.ReadWrite;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The rooms of the house: what each is for is in its package-info. */
class ModularityTests {

  /** From top to bottom: each knows some of those after it, and none of those before it. */
  private static final List<String> ROOMS =
      List.of(
          "",
          "shell",
          "shell.verb",
          "shell.system",
          "shell.report",
          "shell.view",
          "shell.language",
          "shell.screen",
          "admin",
          "admin.page",
          "admin.http",
          "admin.metrics",
          "sample",
          "configuration",
          "access",
          "json",
          "chart",
          "command",
          "doctor",
          "runner",
          "worker",
          "ledger",
          "execution",
          "status",
          "job",
          "change",
          "convert",
          "constraint",
          "index",
          "verify",
          "rows",
          "page",
          "run",
          "outside",
          "ddl",
          "advice",
          "kind",
          "history",
          "brake",
          "health",
          "lease",
          "lane",
          "iteration",
          "queue",
          "quarantine",
          "yaml",
          "csv",
          "plan",
          "key",
          "sql",
          "controller",
          "pace",
          "bean",
          "failure",
          "stop",
          "state",
          "window",
          "database.registry",
          "database.embedded",
          "database",
          "time");

  /** Those whose time can be stepped: it is injected. */
  private static final Set<String> ENGINE =
      Set.of(
          "command",
          "doctor",
          "runner",
          "ledger",
          "worker",
          "execution",
          "status",
          "kind",
          "change",
          "convert",
          "constraint",
          "index",
          "run",
          "outside",
          "verify",
          "ddl",
          "rows",
          "page",
          "csv",
          "brake",
          "health",
          "lease",
          "lane",
          "iteration",
          "pace",
          "bean",
          "failure",
          "quarantine",
          "stop",
          "queue",
          "window",
          "controller");

  private static final int MOST_FILES = 25;

  private static final String ROOT = UndercurrentApplication.class.getPackageName();

  private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(ROOT);

  @Test
  void modulesKnowOnlyWhatTheySayTheyKnow() {
    ApplicationModules.of(UndercurrentApplication.class).verify();
  }

  @Test
  void arrowsPointDownward() {
    var upward = new TreeSet<String>();
    ours()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(arrow -> isOurs(arrow.getTargetClass()))
        .filter(arrow -> rank(arrow.getOriginClass()) > rank(arrow.getTargetClass()))
        .forEach(arrow -> upward.add(arrow.getDescription()));

    assertThat(upward).isEmpty();
  }

  /** What is read and written is known to the kinds that come to that. */
  @Test
  void aKindOfUpdateIsKnownOnlyInItsRoomAndInTheListOfAll() {
    var strangers = new TreeSet<String>();
    ours()
        .filter(type -> type.isAssignableTo(Work.class) || type.isAssignableTo(UpdateKind.class))
        .filter(type -> !type.isInterface() && !type.isEquivalentTo(ReadWrite.class))
        .flatMap(kind -> kind.getDirectDependenciesToSelf().stream())
        .filter(arrow -> isOurs(arrow.getOriginClass()))
        .filter(arrow -> !room(arrow.getOriginClass()).equals(room(arrow.getTargetClass())))
        .filter(arrow -> !arrow.getOriginClass().isEquivalentTo(ShippedKinds.class))
        .forEach(arrow -> strangers.add(arrow.getDescription()));

    assertThat(strangers).isEmpty();
  }

  @Test
  void knowsEveryRoom() {
    assertThat(ours().map(ModularityTests::room).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(ROOMS);
  }

  @Test
  void noRoomIsTooFullToLookThrough() {
    var files =
        CLASSES.stream()
            .filter(type -> type.getPackageName().startsWith(ROOT))
            .collect(
                Collectors.groupingBy(
                    type -> side(type) + " " + room(type),
                    TreeMap::new,
                    Collectors.mapping(ModularityTests::file, Collectors.toSet())));

    assertThat(files)
        .allSatisfy((room, inside) -> assertThat(inside).hasSizeLessThanOrEqualTo(MOST_FILES));
  }

  @Test
  void theEngineDoesNotLookAtTheMachinesClock() {
    var looks =
        ours()
            .filter(type -> ENGINE.contains(room(type)))
            .flatMap(type -> type.getMethodCallsFromSelf().stream())
            .filter(call -> isOfTheMachine(call.getTarget()))
            .map(JavaMethodCall::getDescription);

    assertThat(looks).isEmpty();
  }

  private static boolean isOfTheMachine(MethodCallTarget called) {
    var owner = called.getOwner().getName();
    return switch (called.getName()) {
      case "nanoTime", "currentTimeMillis", "sleep", "timedWait", "delayedExecutor" ->
          owner.startsWith("java.");
      case "now" -> owner.startsWith("java.time.") && called.getRawParameterTypes().isEmpty();
      case "wait" -> owner.equals("java.lang.Object") && !called.getRawParameterTypes().isEmpty();
      default -> false;
    };
  }

  private Stream<JavaClass> ours() {
    return CLASSES.stream().filter(ModularityTests::isOurs);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(ROOT)
        && type.getSource().isPresent()
        && side(type).equals("main");
  }

  private static String side(JavaClass type) {
    return type.getSource().orElseThrow().getUri().getPath().contains("test-classes")
        ? "test"
        : "main";
  }

  private static String room(JavaClass type) {
    return type.getPackageName().equals(ROOT)
        ? ""
        : type.getPackageName().substring(ROOT.length() + 1);
  }

  private static String file(JavaClass type) {
    return type.getSource().flatMap(source -> source.getFileName()).orElseThrow();
  }

  private static int rank(JavaClass type) {
    return ROOMS.indexOf(room(type));
  }
}
