package io.peregrine.trainer.spark.bench;

import io.peregrine.data.ConfigException;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.ScheduleSegment;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.loader.TokenBatch;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench mixture}: planning, order, building shards and reading them, each by itself. */
@Command(
        name = "mixture",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the mixture: a plan of 2e9 sequences of 40 streams whose weights change from block to block, the order"
                    + " of one of its blocks, building shards of made-up tokens with the stages' own jobs, and reading them"
                    + " with the trainer's loader, as they are and compressed with zstd. Times of one thread are those of its processor,"
                    + " resuming is wall clock, building wall clock times cores."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine bench mixture",
            "  peregrine --master 'local[1]' bench mixture --tokens 50000000 --work /tmp"
        })
public final class MixtureBenchCommand implements Callable<Integer> {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int STREAMS = 40;
    private static final int BATCH_SEQUENCES = 16;
    private static final double NANOS = 1e9;
    private static final double MEGA = 1e6;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "2000000000",
            description = "Sequences of the plan (default: ${DEFAULT-VALUE}).")
    private long sequences;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "200000000",
            description = "Tokens in the shards, about (default: ${DEFAULT-VALUE}).")
    private long tokens;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of each measurement, of which the median counts; one more comes first, to warm up"
                    + " (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for the run, which is deleted afterwards (default: that for temporary files).")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public Integer call() {
        atLeast("--sequences", sequences, STREAMS);
        atLeast("--tokens", tokens, 1_000_000);
        atLeast("--rounds", rounds, 1);
        print(
                "machine      %d processors, load average %.1f, heap %,d MB",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().maxMemory() >> 20);
        order(plan());
        try (LazySpark spark = new LazySpark("peregrine bench mixture");
                BenchRun run = new BenchRun(work, spark, tokens)) {
            run.prepare();
            build(run);
            run.compress();
            read("uncompressed", run.layout(), run.plan());
            read("zstd", run.compressed(), run.plan());
            resume(run.layout(), run.plan());
        }
        return 0;
    }

    private MixturePlan plan() {
        List<PackedStream> packed = new ArrayList<>();
        Map<String, StreamMix> mixes = new TreeMap<>();
        Map<String, BigDecimal> from = new TreeMap<>();
        Map<String, BigDecimal> to = new TreeMap<>();
        for (int i = 0; i < STREAMS; i++) {
            String name = "stream-%02d".formatted(i);
            long own = Math.max(1, sequences / (STREAMS - 1) * (i + 1) / STREAMS);
            packed.add(new PackedStream(name, own, own * 8000, List.of(own), name));
            mixes.put(name, new StreamMix(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
            // 1 to 40 of 820, and the other way round at the end.
            from.put(name, BigDecimal.valueOf(i + 1));
            to.put(name, BigDecimal.valueOf(STREAMS - i));
        }
        ScheduleConfig schedule =
                new ScheduleConfig(1, List.of(new ScheduleSegment(BigDecimal.ONE, ppb(from), ppb(to))));
        MixtureConfig config = new MixtureConfig(
                8192,
                MixtureConfig.BLOCK_SIZE_SEQUENCES_MAX,
                Optional.of(sequences * 8000),
                Optional.empty(),
                PackingMode.BEST_FIT,
                1 << 20,
                8192,
                8192,
                CapMode.PROJECT,
                mixes,
                schedule);
        MixturePlan[] planned = new MixturePlan[1];
        double[] seconds = new double[2];
        long before = usedBytes();
        for (int round = 0; round < seconds.length; round++) {
            seconds[round] =
                    processorSeconds(() -> planned[0] = MixturePlanner.plan(config, packed, 2, "0123456789abcdef"));
        }
        double held = (usedBytes() - before) / MEGA;
        print(
                "plan         %,d sequences of %d streams in %,d blocks: %.2f s, warm %.2f s; the plan holds %.0f MB",
                planned[0].totalSequences(), STREAMS, planned[0].counts().blocks(), seconds[0], seconds[1], held);
        return planned[0];
    }

    /** Weights in proportion to these numbers, as parts per billion. */
    private static Map<String, BigDecimal> ppb(Map<String, BigDecimal> numbers) {
        long sum = numbers.values().stream().mapToLong(BigDecimal::longValue).sum();
        long left = 1_000_000_000;
        Map<String, BigDecimal> weights = new TreeMap<>();
        for (Map.Entry<String, BigDecimal> number : numbers.entrySet()) {
            long part = weights.size() == numbers.size() - 1
                    ? left
                    : 1_000_000_000 * number.getValue().longValue() / sum;
            left -= part;
            weights.put(number.getKey(), BigDecimal.valueOf(part));
        }
        return weights;
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void order(MixturePlan plan) {
        SequenceOrder order = new SequenceOrder(plan);
        int blocks = Math.max(1, plan.counts().blocks() - 1);
        Times block = Times.median(20 * rounds, round -> order.blockOrder(round * 7919 % blocks));
        print("order        block of %,d: %.1f ms", plan.counts().size(0), 1e3 * block.processor());
    }

    private void build(BenchRun run) {
        long bytes = run.plan().streams().stream()
                .mapToLong(stream -> stream.tokens() * run.plan().tokenBytes())
                .sum();
        double[] seconds = new double[rounds + 1];
        for (int round = 0; round <= rounds; round++) {
            seconds[round] = run.build();
        }
        double warm = middle(Arrays.copyOfRange(seconds, 1, seconds.length));
        print(
                "build        %,.0f MB of tokens on %d cores: %.1f s, warm %.1f s: %.1f MB/s per core",
                bytes / MEGA, run.cores(), seconds[0], warm, bytes / MEGA / warm / run.cores());
    }

    private void read(String what, RunLayout layout, MixturePlan plan) {
        long end = Math.min(plan.totalSequences(), plan.counts().size(0));
        long[] seen = new long[1];
        Times epoch = Times.median(rounds, round -> {
            // All of a window's files stay in memory, as they do in training.
            ShardStreams streams = ShardStreams.open(layout, plan, 1 << 16, 1L << 30);
            SequenceOrder order = new SequenceOrder(plan);
            seen[0] = 0;
            for (long position = 0; position + BATCH_SEQUENCES <= end; position += BATCH_SEQUENCES) {
                TokenBatch batch = streams.read(LongStream.range(position, position + BATCH_SEQUENCES)
                        .mapToObj(order::at)
                        .toList());
                seen[0] += batch.tokens();
            }
        });
        print(
                "loader       %-13s %,.0f M tokens in order, digests checked: %.2f s: %.0f M tokens/s per thread (wall %.0f)",
                what,
                seen[0] / MEGA,
                epoch.processor(),
                seen[0] / MEGA / epoch.processor(),
                seen[0] / MEGA / epoch.wall());
    }

    private void resume(RunLayout layout, MixturePlan plan) {
        SeedStream draws = SeedStream.of(1);
        Times place = Times.median(20, round -> {
            ShardStreams.open(layout, plan, 1 << 16, 1L << 30);
            new SequenceOrder(plan).at((long) (draws.nextDouble() * plan.totalSequences()));
        });
        Times first = Times.median(20, round -> {
            SequenceRef next = new SequenceOrder(plan).at((long) (draws.nextDouble() * plan.totalSequences()));
            ShardStreams.open(layout, plan, 1 << 16, 1L << 30).read(List.of(next));
        });
        print(
                "resume       at any position: %.1f ms to open the shards and find the sequence, %.1f ms until it is read",
                1e3 * place.wall(), 1e3 * first.wall());
    }

    /**
     * Medians over rounds, in seconds.
     *
     * @param processor of this thread
     * @param wall of the clock
     */
    private record Times(double processor, double wall) {
        /** Times rounds, after one to warm up. */
        static Times median(int rounds, IntConsumer body) {
            body.accept(0);
            double[] processor = new double[rounds];
            double[] wall = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                int number = round + 1;
                long began = System.nanoTime();
                processor[round] = processorSeconds(() -> body.accept(number));
                wall[round] = (System.nanoTime() - began) / NANOS;
            }
            return new Times(middle(processor), middle(wall));
        }
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double processorSeconds(Runnable body) {
        long began = CLOCK.getCurrentThreadCpuTime();
        body.run();
        return (CLOCK.getCurrentThreadCpuTime() - began) / NANOS;
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new ConfigException(option, value, "must be >= %,d".formatted(least));
        }
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
