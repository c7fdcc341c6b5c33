package io.peregrine.cli;

import io.peregrine.cli.bundle.TrainerBundle;
import io.peregrine.data.ConfigException;
import io.peregrine.trainer.cuda.CudaLibrary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./peregrine bundle}: the trainer for a machine that has no Java. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        description = {
            "Packs the trainer, a Java runtime and the kernels into one archive.",
            "",
            "The archive runs on a bare x86-64 Linux machine with glibc " + CudaLibrary.OLDEST_GLIBC
                    + " or later and libgcc_s: no Java, no Maven, no Spark. It has model, train, rollback, generate, serve,"
                    + " experiment, conformance and bench. With an"
                    + " NVIDIA GPU it needs the driver and cuBLASLt (a CUDA toolkit, or its libcublasLt.so.13 on"
                    + " LD_LIBRARY_PATH)."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine bundle --out trainer.tar.gz",
            "  tar xzf trainer.tar.gz && peregrine-trainer/peregrine bench gpu"
        })
public final class BundleCommand implements Callable<Integer> {
    private static final double MEBIBYTE = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "peregrine-trainer.tar.gz",
            description = "The archive (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() {
        if (!out.getFileName().toString().endsWith(".tar.gz")) {
            throw new ConfigException("--out", out, "must end in .tar.gz");
        }
        TrainerBundle.Contents contents = TrainerBundle.write(out, PeregrineTrainer.class.getName());
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %.0f MiB, %d jars, %s",
                        out,
                        contents.bytes() / MEBIBYTE,
                        contents.jars(),
                        contents.kernels()
                                ? "with the CUDA kernels"
                                : "without CUDA kernels, because this build found no nvcc"));
        return 0;
    }
}
