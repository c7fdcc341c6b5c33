package io.peregrine.data.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code filter what-if}: the funnel that other limits would give, from the values that were measured. */
@Command(
        name = "what-if",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the funnel that other limits would give, beside that of the run file. Writes nothing.",
            "",
            "Reads the columns of 15-signals/annotated and no text, so it takes seconds. What changes a measurement"
                    + " rather than a limit (another profile, another list, another language model) needs 'filter'."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine filter what-if my.yaml --set filter.english.limits.gopher_short_doc=30",
            "  peregrine filter what-if my.yaml --set 'filter.code.switched-off=[code_test_file]' --by language"
        })
public final class FilterWhatIfCommand implements Callable<Integer> {
    private static final String LINE = "%-44s %14s %14s %14s";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run, as it is.")
    private Path runFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            required = true,
            description = "A limit that is tried, such as filter.english.limits.gopher_short_doc=30. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "Groups the funnel by source, domain, language or rule_set (default: ${DEFAULT-VALUE}).")
    private GroupColumn by = GroupColumn.rule_set;

    /** Columns by which a funnel may be grouped, spelled as in the table. */
    enum GroupColumn {
        source,
        domain,
        language,
        rule_set
    }

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile);
        RuleSets now = RuleSets.of(file.section("filter", FilterConfig.class));
        RuleSets then = RuleSets.of(RunFile.open(runFile, overrides).section("filter", FilterConfig.class));
        if (!now.measuringDigest().equals(then.measuringDigest())) {
            throw new ConfigException(
                    "--set", overrides, "must change limits only; this changes what is measured: run filter instead");
        }
        TableVersion annotated =
                StageManifest.require(file.layout(), Stage.SIGNALS).output("annotated");
        try (LazySpark spark =
                new LazySpark("peregrine filter what-if " + file.head().run())) {
            Dataset<Row> rows = spark.session()
                    .read()
                    .format("delta")
                    .option("versionAsOf", annotated.version())
                    .load(file.layout().root().resolve(annotated.path()).toString());
            Funnel before = Funnel.of(rows, new Decisions(now), by.name());
            Funnel after = Funnel.of(rows, new Decisions(then), by.name());
            print(before, after, reasons(now, then));
        }
        return 0;
    }

    private static Set<String> reasons(RuleSets now, RuleSets then) {
        Set<String> reasons = new LinkedHashSet<>(Funnel.reasons(now));
        reasons.addAll(Funnel.reasons(then));
        return reasons;
    }

    private void print(Funnel before, Funnel after, Set<String> reasons) {
        line(LINE, "", "run file", "what if", "change");
        print("all", "", before.total(), after.total(), reasons);
        for (String group : before.groups()) {
            line("%n%s", group);
            print("  documents", group, before, after, reasons);
        }
    }

    private void print(String heading, String group, Funnel before, Funnel after, Set<String> reasons) {
        numbers(heading, before.in(group), after.in(group));
        numbers("  kept", before.kept(group), after.kept(group));
        for (String reason : reasons) {
            long was = before.dropped(group, reason);
            long is = after.dropped(group, reason);
            if (was + is > 0) {
                numbers("  " + reason, was, is);
            }
        }
    }

    private void numbers(String name, long was, long is) {
        line(LINE, name, grouped("%,d", was), grouped("%,d", is), is == was ? "" : grouped("%+,d", is - was));
    }

    private static String grouped(String format, long number) {
        return String.format(Locale.ROOT, format, number);
    }

    private void line(String format, Object... values) {
        spec.commandLine()
                .getOut()
                .println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
