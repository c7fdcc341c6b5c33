package io.peregrine.trainer.bench;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ShippedFiles;
import io.peregrine.trainer.cli.GivenOptions;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceGroup;
import io.peregrine.trainer.cuda.NcclVersion;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./peregrine bench gpu}: training, and the kernels alone, on an NVIDIA device. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        description = {
            "Measures training steps and single operations in bf16 on an NVIDIA device.",
            "",
            "Prints milliseconds (median), tokens/s, the share of the datasheet's TFLOP/s that the model's own arithmetic",
            "reaches, memory, and with --profile the time of each kind of operation.",
            "",
            "Examples:",
            "  peregrine bench gpu",
            "  peregrine bench gpu --model conf/model/falcon-h1-1.5b.json --batch 4 --profile",
            "  peregrine bench gpu --table",
            "  peregrine bench gpu --kernels",
            "  peregrine bench gpu --generation --seq-len 131072"
        })
public final class BenchGpuCommand implements Callable<Integer> {
    private static final List<String> SHAPES =
            List.of("--model", "--batch", "--seq-len", "--sequences", "--recompute", "--profile");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "the model's config.json (default: the conf/model/falcon-h1-0.5b.json that comes with"
                    + " Peregrine)")
    private Optional<Path> model;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "sequences per step (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seq-len",
            paramLabel = "N",
            defaultValue = "4096",
            description = "tokens per sequence (default: ${DEFAULT-VALUE})")
    private int seqLen;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "10",
            description = "measurements, of which the median counts (default: ${DEFAULT-VALUE})")
    private int rounds;

    /** Instead of training steps. */
    private static final class Part {
        @Option(
                names = "--table",
                description = "all that is to be reached on an H200, beside its peers, as a table in Markdown; takes"
                        + " --rounds and --device only")
        private boolean table;

        @Option(
                names = "--kernels",
                description = "the scan's and attention's operations alone, instead of training; takes --rounds and"
                        + " --device only")
        private boolean kernels;

        @Option(
                names = "--generation",
                description =
                        "reading a sequence of --seq-len tokens at once and going on token by token, instead of training;"
                                + " takes neither --batch nor --recompute")
        private boolean generation;
    }

    @ArgGroup(exclusive = true)
    private Part part = new Part();

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "32",
            description = "with --generation: how many to decode side by side, besides one (default: ${DEFAULT-VALUE})")
    private int sequences;

    @Option(
            names = "--recompute",
            paramLabel = "none|selective|block",
            defaultValue = "none",
            description = "activations made again instead of kept (default: ${DEFAULT-VALUE})")
    private Recompute recompute;

    @Option(names = "--profile", description = "also the time of each kind of operation in one more step")
    private boolean profile;

    @Option(
            names = "--device",
            paramLabel = "N",
            defaultValue = "0",
            description = "number of the device (default: ${DEFAULT-VALUE})")
    private int device;

    @Override
    public Integer call() {
        for (int value : List.of(batch, seqLen, rounds, sequences)) {
            if (value < 1) {
                throw new ConfigException("--batch, --seq-len, --rounds, --sequences", value, "must be >= 1");
            }
        }
        refuseWhatIsNotLookedAt();
        PrintWriter out = spec.commandLine().getOut();
        if (part.table) {
            out.println(GpuGoals.measure(device, rounds).markdown());
            out.flush();
            return 0;
        }
        try (CudaOps ops = new CudaOps(new CudaDevice(device), DType.BF16)) {
            out.println(ops.describe() + ", "
                    + DeviceGroup.found().map(NcclVersion::description).orElse("NCCL not found"));
            if (part.kernels) {
                new GpuKernelBenchmark(ops, rounds).run(out);
            } else if (part.generation) {
                new GpuGenerationBenchmark(config(), ops, seqLen).run(sequences, rounds, profile, out);
            } else {
                new GpuTrainingBenchmark(config(), ops, batch, seqLen, recompute).run(rounds, profile, out);
            }
            out.flush();
        }
        return 0;
    }

    private FalconH1Config config() {
        return FalconH1Config.read(model.orElse(ShippedFiles.conf("model", "falcon-h1-0.5b.json")));
    }

    private void refuseWhatIsNotLookedAt() {
        if (part.table) { // its shapes are those of the peers' numbers
            GivenOptions.refuse(spec, "does not go with --table, whose models and shapes are given", SHAPES);
        } else if (part.kernels) {
            GivenOptions.refuse(spec, "does not go with --kernels, whose shapes are given", SHAPES);
        } else if (part.generation) {
            GivenOptions.refuse(
                    spec, "does not go with --generation, which trains nothing", List.of("--batch", "--recompute"));
        } else {
            GivenOptions.refuse(spec, "goes with --generation only", List.of("--sequences"));
        }
    }
}
