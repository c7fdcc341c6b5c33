package io.peregrine.trainer.model.cli;

import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.MuP;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model mup}: a config.json with the multipliers of its shape. */
@Command(
        name = "mup",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a config.json with the muP multipliers of its shape.",
            "",
            "By the closed form that the released models follow; all other keys stay as they are.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine model mup my.json                    # to look at",
            "  peregrine model mup my.json --out tuned.json"
        })
final class ModelMuPCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @CommandLine.Parameters(paramLabel = "CONFIG.json", description = "the model's config.json")
    private Path file;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it (default: standard output)")
    private Optional<Path> to;

    @Override
    public Integer call() {
        String json = MuP.withMultipliers(FalconH1Config.read(file));
        if (to.isEmpty()) {
            spec.commandLine().getOut().print(json);
            spec.commandLine().getOut().flush();
            return 0;
        }
        try {
            AtomicFiles.write(to.get(), json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + to.get(), e);
        }
        return 0;
    }
}
