package io.peregrine.rewrite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.peregrine.rewrite", importOptions = DoNotIncludeTests.class)
class ModuleBordersTest {
    @ArchTest
    static final ArchRule sparkIsMetInJobsOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..rewrite.jobs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..", "io.delta..", "..data.jobs..", "..rewrite.jobs..");

    /** A template may be a file beside a run. */
    @ArchTest
    static final ArchRule rulesReadNoFilesAndNoClockAndDrawNoDice = noClasses()
            .that()
            .resideOutsideOfPackages("..rewrite.jobs..", "..rewrite.calls..")
            .and()
            .haveNameNotMatching("io.peregrine.rewrite.prompts.Templates(\\$Luggage)?")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    /** What a model answers is read in time linear in it. */
    @ArchTest
    static final ArchRule answersMeetNoBacktracking = noClasses()
            .that()
            .resideInAnyPackage("..rewrite.accept..", "..rewrite.prompts..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.peregrine.rewrite.(*)..").should().beFreeOfCycles();
}
