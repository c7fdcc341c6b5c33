package io.peregrine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The borders inside this module: who may know Spark, who may know native code, and that no two packages need each other. */
@AnalyzeClasses(
        packages = {"io.peregrine.trainer", "io.peregrine.cli", "io.peregrine.report", "io.peregrine.notebook"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBordersTest {
    private static final String[] ENGINE = {"org.apache.spark..", "scala..", "io.delta.tables.."};

    @ArchTest
    static final ArchRule SPARK_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages("io.peregrine.trainer.spark..", "io.peregrine.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE)
            .because("the trainer has to start without Spark on the class path");

    @ArchTest
    static final ArchRule CORE_IMPORTS_CORE = noClasses()
            .that()
            .resideOutsideOfPackages("io.peregrine.trainer.spark..", "io.peregrine.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.peregrine..jobs..")
            .because("jobs need Spark, which is not on the class path everywhere");

    @ArchTest
    static final ArchRule BLAS_STAYS_IN_THE_CPU_BACKEND = noClasses()
            .that()
            .resideOutsideOfPackage("io.peregrine.trainer.ops.cpu..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule MODEL_KNOWS_NO_BACKEND = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.peregrine.trainer.model..", "io.peregrine.trainer.ops", "io.peregrine.trainer.optim..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.peregrine.trainer.ops.reference..",
                    "io.peregrine.trainer.ops.cpu..",
                    "io.peregrine.trainer.ops.cuda..",
                    "io.peregrine.trainer.cuda..")
            .allowEmptyShould(true)
            .because("the model is written against the interfaces of ops alone");

    @ArchTest
    static final ArchRule NATIVE_METHODS_STAY_BEHIND_ONE_WALL = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("io.peregrine.trainer.cuda..")
            .should()
            .notHaveModifier(JavaModifier.NATIVE);

    @ArchTest
    static final ArchRule RANDOM_NUMBERS_ARE_OURS = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class)
            .because("every draw comes from a SeedStream, and so can be had again");

    @ArchTest
    static final ArchRule NO_PACKAGES_IN_A_RING =
            slices().matching("io.peregrine.(**)").should().beFreeOfCycles();

    @Test
    void everyPackageIsMapped() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> unmapped = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                    .toList();
            assertThat(unmapped).isEmpty();
        }
    }
}
