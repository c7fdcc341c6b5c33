package io.peregrine.trainer.export;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardLease;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixture export}: the sequences of a plan in training order, in a form that other trainers read. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the tokens in training order for other trainers.",
            "",
            "What the plan's positions hold is read from the shards (stage 70) and written as whole output shards, one"
                    + " after the other. Stopped or killed, the same command goes on behind the last finished shard;"
                    + " started again, it holds every file against its digest. The same positions of the same plan give"
                    + " the same bytes. What 'train' leaves out (held out for"
                    + " validation, or in blocks that a change skips) is written too."
        },
        footer = {
            "",
            "Forms:",
            "  megatron   shard-NNNNN.bin and .idx: Megatron-LM's indexed dataset (path prefix: shard-NNNNN)",
            "  mds        shard.NNNNN.mds and index.json: MosaicML Streaming, a sample is a packed sequence with the"
                    + " columns tokens and doc_ends",
            "  nanoset    shard-NNNNN.ds with .index and .metadata: datatrove and nanotron",
            "",
            "Units of megatron:",
            "  document   a sequence is a piece of a document, a document of the index a packed sequence. The default:"
                    + " only so does the dataset say where attention and state are reset, for a document that packing"
                    + " has cut ends without an end-of-text token.",
            "  sequence   a sequence is a packed sequence: what reads the dataset item by item gets what Peregrine"
                    + " trains on, without the ends of documents.",
            "",
            "Examples:",
            "  peregrine mixture export my.yaml --format megatron --out /data/mix",
            "  peregrine mixture export my.yaml --format mds --compression zstd --out /data/mds",
            "  peregrine mixture export my.yaml --format megatron --from 65536 --to 131072 --out /data/second-block"
        })
public final class ExportCommand implements Callable<Integer> {
    /** What an MDS shard under way may take of the heap. */
    private static final int SHARD_HEAP_SHARE = 4;

    private static final double MEGA = 1e6;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose plan and shards these are.")
    private Path runFile;

    @Option(names = "--format", required = true, paramLabel = "FORM", description = "megatron, mds or nanoset")
    private String form;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder to write into: a new one, an empty one, or that of the same export")
    private Path out;

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            defaultValue = "0",
            description = "first position of the plan, counted in sequences (default: ${DEFAULT-VALUE})")
    private long from;

    @Option(names = "--to", paramLabel = "POSITION", description = "position behind the last (default: the plan's end)")
    private Optional<Long> to = Optional.empty();

    @Option(
            names = "--shard-bytes",
            paramLabel = "N",
            description =
                    "most bytes of tokens in an output shard (default: 17179869184; mds: 67108864, header included;"
                            + " an mds shard is held in memory until it is full)")
    private Optional<Long> shardBytes = Optional.empty();

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "megatron: what a sequence of the dataset is, document or sequence (default: document)")
    private Optional<String> unit = Optional.empty();

    @Option(names = "--compression", paramLabel = "NAME", description = "mds: none, or zstd at level 3 (default: none)")
    private Optional<String> compression = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set root=work/again. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunLayout layout = RunFile.open(runFile, overrides).layout();
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        try (ShardLease lease = ShardLease.take(layout)) {
            MixtureExport export = new MixtureExport(
                    layout,
                    lease.index(),
                    plan,
                    format(plan.tokenBytes()),
                    from,
                    to.orElse(plan.totalSequences()),
                    Runtime.getRuntime().maxMemory());
            print(export.into(out, ConsoleProgress.onStandardError()));
        }
        return 0;
    }

    private ExportFormat format(int tokenBytes) {
        if (!form.equals("megatron") && unit.isPresent()) {
            throw new ConfigException("--unit", unit.get(), "only megatron has units, the form is " + form);
        }
        if (!form.equals("mds") && compression.isPresent()) {
            throw new ConfigException("--compression", compression.get(), "only mds has any, the form is " + form);
        }
        return switch (form) {
            case "megatron" ->
                new MegatronFormat(chosenUnit(), shardBytes.orElse(MegatronFormat.DEFAULT_SHARD_BYTES), tokenBytes);
            case "mds" ->
                new MdsFormat(zstd(), heldBytes(shardBytes.orElse(MdsFormat.DEFAULT_SHARD_BYTES)), tokenBytes);
            case "nanoset" -> new NanosetFormat(shardBytes.orElse(NanosetFormat.DEFAULT_SHARD_BYTES), tokenBytes);
            default -> throw new ConfigException("--format", form, "must be megatron, mds or nanoset");
        };
    }

    private MegatronFormat.Unit chosenUnit() {
        return switch (unit.orElse("document")) {
            case "document" -> MegatronFormat.Unit.DOCUMENT;
            case "sequence" -> MegatronFormat.Unit.SEQUENCE;
            default -> throw new ConfigException("--unit", unit.get(), "must be document or sequence");
        };
    }

    private boolean zstd() {
        return switch (compression.orElse("none")) {
            case "none" -> false;
            case "zstd" -> true;
            default -> throw new ConfigException("--compression", compression.get(), "must be none or zstd");
        };
    }

    private static long heldBytes(long bytes) {
        long most = Runtime.getRuntime().maxMemory() / SHARD_HEAP_SHARE;
        if (bytes > most) {
            throw new ConfigException(
                    "--shard-bytes",
                    bytes,
                    "an mds shard is held in memory, so with this heap it must be <= %d; PEREGRINE_MEMORY gives more"
                            .formatted(most));
        }
        return bytes;
    }

    private void print(MixtureExport.Summary summary) {
        PrintWriter printer = spec.commandLine().getOut();
        printer.printf(
                Locale.ROOT,
                "  %-12s %,d sequences, %,d pieces of documents, %,d tokens%n",
                "exported",
                summary.sequences(),
                summary.pieces(),
                summary.tokens());
        printer.printf(
                Locale.ROOT,
                "  %-12s %,d, of which %,d were there with their digests%n",
                "shards",
                summary.shards(),
                summary.keptShards());
        Written written = summary.written();
        if (written.tokens() > 0) {
            printer.printf(
                    Locale.ROOT,
                    "  %-12s %,.1f MB read, %,.1f MB written in %.2f s: %s%n",
                    "speed",
                    summary.readBytes() / MEGA,
                    written.bytes() / MEGA,
                    written.seconds(),
                    written.rate());
        }
        printer.printf("  %-12s %s%n", "digest", summary.digest());
        printer.flush();
    }
}
