package io.peregrine.mixture.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes the shard and plan tables' files that nothing refers to. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Says which files of the plan's and the shards' tables nothing refers to, and with --delete removes them.",
            "",
            "What stays: the versions that the manifests of the stages and 70-shards/index.json name, so whatever training"
                    + " goes on with; those of releases, which are copies of index.json as 70-shards/releases/NAME.json;"
                    + " those that a running export reads; the newest version of each table that the plan has a part for;"
                    + " and what was in force within the last --retain-hours. Everything else can be built again with the"
                    + " same content as long as its documents are there."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine mixture gc my.yaml                    # what would go, and why; removes nothing",
            "  peregrine mixture gc my.yaml --delete           # from cron, after 'mixture build'",
            "  peregrine mixture gc my.yaml --delete --retain-hours 0    # nobody else reads these shards",
            "  cp work/my/70-shards/index.json work/my/70-shards/releases/2026-05.json    # keeps these versions for good"
        })
final class MixtureGcCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run to look through.")
    private Path runFile;

    @Option(names = "--delete", description = "Removes what is found; without it nothing is removed.")
    private boolean delete;

    @Option(names = "--dry-run", description = "Removes nothing, whatever else is said; the default.")
    private boolean dryRun;

    @Option(
            names = "--retain-hours",
            paramLabel = "N",
            defaultValue = "168",
            description =
                    "What was in force or written within so many hours stays, for readers that hold no lease, such"
                            + " as notebooks (default: ${DEFAULT-VALUE}).")
    private int retainHours;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set root=work/try. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    MixtureGcCommand() {
        this(Clock.systemUTC());
    }

    MixtureGcCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (retainHours < 0) {
            throw new ConfigException("--retain-hours", retainHours, "must be >= 0");
        }
        if (delete && dryRun) {
            throw new ConfigException("--delete", "given with --dry-run", "say one of them");
        }
        RunLayout layout = RunFile.open(runFile, overrides).layout();
        try (RunLock lock = RunLock.take(layout)) {
            MixtureGarbage garbage = MixtureGarbage.find(layout, clock.instant(), Duration.ofHours(retainHours));
            print(garbage);
            if (delete) {
                garbage.remove();
            }
        }
        return 0;
    }

    private void print(MixtureGarbage garbage) {
        PrintWriter out = spec.commandLine().getOut();
        garbage.kept()
                .forEach(kept -> out.printf("keeps    %s version %d: %s%n", kept.table(), kept.version(), kept.why()));
        long files = 0;
        long bytes = 0;
        for (MixtureGarbage.Removal removal : garbage.removals()) {
            out.printf(
                    Locale.ROOT,
                    "%s  %s: %,d files, %,d bytes: %s%n",
                    delete ? "removes" : "garbage",
                    removal.what(),
                    removal.files(),
                    removal.bytes(),
                    removal.why());
            files += removal.files();
            bytes += removal.bytes();
        }
        String rest = delete || files == 0 ? "" : "; nothing was removed, --delete does it";
        out.printf(Locale.ROOT, "in all   %,d files, %,d bytes that nothing refers to%s%n", files, bytes, rest);
        out.flush();
    }
}
