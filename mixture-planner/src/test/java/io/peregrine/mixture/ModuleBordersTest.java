package io.peregrine.mixture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.peregrine.mixture", importOptions = DoNotIncludeTests.class)
class ModuleBordersTest {
    @ArchTest
    static final ArchRule sparkIsMetInJobsOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..mixture.jobs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..", "io.delta..", "..data.jobs..", "..mixture.jobs..");

    @ArchTest
    static final ArchRule rulesReadNoClockAndDrawNoDice = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule filesAreMetInFilesAndJobsOnly = noClasses()
            .that()
            .resideInAnyPackage("..mixture.pack..", "..mixture.order..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.peregrine.mixture.(*)..").should().beFreeOfCycles();
}
