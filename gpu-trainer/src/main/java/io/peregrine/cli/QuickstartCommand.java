package io.peregrine.cli;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.config.ShippedFiles;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.progress.ConsoleProgress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quickstart}: the whole flow on one machine, from corpora that the launcher has fetched to a report. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "From real corpora to a trained model and a report, on this machine.",
            "",
            "Fetches pinned public artifacts from Maven Central (documentation as web text, sources as code, a"
                    + " mathematics library, example sentences in many languages), filters, deduplicates, tokenizes,"
                    + " mixes and shards them, trains a small Falcon-H1 hybrid on the CPU and draws a report. It is the"
                    + " run file conf/runs/quickstart.yaml: copy that for your own data. Started again, it goes on where"
                    + " it stopped."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine quickstart",
            "  peregrine quickstart --set train.steps=40           a quick look: minutes less, a worse model",
            "  peregrine --master 'local[1]' quickstart --set root=work/again"
        })
public final class QuickstartCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (ShippedFiles.home().isEmpty()) {
            throw new DataException(
                    "the quickstart needs its launcher, which fetches the corpora: ./peregrine quickstart");
        }
        RunFile file = RunFile.open(ShippedFiles.conf("runs", "quickstart.yaml"), overrides);
        PrintWriter out = spec.commandLine().getOut();
        Flow.of(file, Stage.REPORT).run(Set.of(), ConsoleProgress.onStandardError(), out);
        out.println("what the model writes: ./peregrine generate --checkpoint %s --prompt 'Returns the'"
                .formatted(file.layout().root()));
        return 0;
    }
}
