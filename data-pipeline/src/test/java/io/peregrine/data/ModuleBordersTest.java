package io.peregrine.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.peregrine.data", importOptions = DoNotIncludeTests.class)
class ModuleBordersTest {
    @ArchTest
    static final ArchRule sparkIsMetInJobsOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..data.jobs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..", "io.delta..", "..data.jobs..");

    @ArchTest
    static final ArchRule rulesReadNoClockAndDrawNoDice = noClasses()
            .that()
            .resideInAnyPackage("..filters..", "..dedup..", "..extract..", "..tokenizer..", "..seed..")
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
    static final ArchRule yamlIsReadInConfigOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..data.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.dataformat.yaml..");

    /** Names in settings and of files are short; whatever meets a text runs in time linear in it. */
    @ArchTest
    static final ArchRule textsMeetNoBacktracking = noClasses()
            .that()
            .resideOutsideOfPackages("..data.rules..", "..data.sources..", "..data.bench..")
            .and()
            .haveNameNotMatching(".*Config(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.peregrine.data.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule userErrorsAreOfTwoKinds =
            classes().that().areAssignableTo(UserException.class).should().resideInAPackage("io.peregrine.data");
}
