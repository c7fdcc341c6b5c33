package io.peregrine.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardLease;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.testing.TestRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("spark")
final class ExportSparkTest {
    private static final long ONE_SHARD = 1 << 20;
    private static final long MEMORY = 1 << 20;

    /** Blocks have 64 sequences: this begins and ends inside one. */
    private static final long FROM = 70;

    private static final long TO = 331;

    @TempDir
    static Path folder;

    private static TestRun run;
    private static MixturePlan straight;

    @BeforeAll
    static void write() {
        run = TestRun.write(new RunLayout(folder.resolve("run")), 12_000);
        MixturePlan plan = run.plan();
        straight = new MixturePlan(
                plan.sequenceLength(),
                plan.blockSize(),
                plan.totalSequences(),
                plan.shardSequences(),
                0,
                plan.packing(),
                plan.packingGroupDocuments(),
                plan.tokenBytes(),
                plan.seed(),
                plan.streams(),
                plan.shares(),
                plan.counts(),
                plan.changes());
        assertThat(plan.epochs(0)).as("the plan has several epochs of a stream").isGreaterThan(2);
        assertThat(plan.windowSequences()).isGreaterThan(1);
    }

    /** What the trainer's loader reads at the positions, one by one. */
    private static List<Sequence> loaded(MixturePlan plan, long from, long to) {
        ShardStreams streams = ShardStreams.open(run.layout(), plan, TestRun.VOCAB, MEMORY);
        SequenceOrder order = new SequenceOrder(plan);
        List<Sequence> sequences = new ArrayList<>();
        for (long position = from; position < to; position++) {
            sequences.addAll(Sequence.of(streams.read(List.of(order.at(position)))));
        }
        return sequences;
    }

    private static MixtureExport.Summary export(MixturePlan plan, ExportFormat format, long from, long to, Path out) {
        return new MixtureExport(run.layout(), index(), plan, format, from, to, MEMORY).into(out, Progress.SILENT);
    }

    private static ExportFormat megatron(MegatronFormat.Unit unit, long shardBytes) {
        return new MegatronFormat(unit, shardBytes, 2);
    }

    private static Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    /** All files but the lock, by name. */
    private static Map<String, String> contents(Path out) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals(".lock")) {
                    contents.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    private static ShardIndex index() {
        return ShardIndex.read(run.layout().shards().resolve(ShardIndex.FILE_NAME));
    }

    @Test
    void everyFormHoldsWhatTheLoaderReads() throws IOException {
        long end = run.plan().totalSequences();
        for (MixturePlan plan : List.of(run.plan(), straight)) {
            holdsWhatTheLoaderReads(plan, 0, end, ONE_SHARD);
            holdsWhatTheLoaderReads(plan, 0, end, 4000);
            holdsWhatTheLoaderReads(plan, FROM, TO, ONE_SHARD);
            holdsWhatTheLoaderReads(plan, FROM, TO, 2000);
            holdsWhatTheLoaderReads(plan, end - 1, end, ONE_SHARD);
        }
        // No sequence fits, so each is a shard.
        holdsWhatTheLoaderReads(run.plan(), FROM - 10, FROM, 1);
        assertThat(loaded(run.plan(), FROM, TO)).isNotEqualTo(loaded(straight, FROM, TO));
    }

    private static void holdsWhatTheLoaderReads(MixturePlan plan, long from, long to, long shardBytes)
            throws IOException {
        List<Sequence> expected = loaded(plan, from, to);
        String name = "-%d-%d-%d-%d".formatted(plan.windowSequences(), from, to, shardBytes);
        Path documents = out("documents" + name);
        int shards = export(plan, megatron(MegatronFormat.Unit.DOCUMENT, shardBytes), from, to, documents)
                .shards();
        assertThat(MegatronReader.read(documents)).isEqualTo(expected);
        assertThat(shards == 1).isEqualTo(shardBytes == ONE_SHARD);
        Path sequences = out("sequences" + name);
        export(plan, megatron(MegatronFormat.Unit.SEQUENCE, shardBytes), from, to, sequences);
        assertThat(MegatronReader.read(sequences))
                .isEqualTo(expected.stream().map(Sequence::whole).toList());
        for (boolean zstd : new boolean[] {false, true}) {
            Path mds = out("mds-" + zstd + name);
            export(plan, new MdsFormat(zstd, shardBytes, 2), from, to, mds);
            assertThat(MdsReader.read(mds)).isEqualTo(expected);
        }
    }

    @Test
    void nanosetHoldsTheTokensAndTheEndsOfPieces() throws IOException {
        Path out = out("nanoset");
        MixtureExport.Summary summary = export(run.plan(), new NanosetFormat(2000, 2), FROM, TO, out);
        List<Sequence> files = NanosetReader.read(out);
        assertThat(files).hasSize(summary.shards()).hasSizeGreaterThan(2);
        List<Sequence> expected = loaded(run.plan(), FROM, TO);
        assertThat(joined(files)).isEqualTo(joined(expected));
    }

    private static Sequence joined(List<Sequence> sequences) {
        List<Integer> tokens = new ArrayList<>();
        List<Integer> docEnds = new ArrayList<>();
        for (Sequence sequence : sequences) {
            int before = tokens.size();
            tokens.addAll(sequence.tokens());
            sequence.docEnds().forEach(end -> docEnds.add(before + end));
        }
        return new Sequence(tokens, docEnds);
    }

    @Test
    void theSummaryCountsWhatIsThere() {
        List<Sequence> expected = loaded(run.plan(), FROM, TO);
        MixtureExport.Summary summary = export(run.plan(), new MdsFormat(false, 4000, 2), FROM, TO, out("summary"));
        assertThat(summary.sequences()).isEqualTo(TO - FROM);
        assertThat(summary.pieces())
                .isEqualTo(expected.stream()
                        .mapToLong(sequence -> sequence.docEnds().size())
                        .sum());
        assertThat(summary.tokens())
                .isEqualTo(expected.stream()
                        .mapToLong(sequence -> sequence.tokens().size())
                        .sum());
        assertThat(summary.written().tokens()).isEqualTo(summary.tokens());
        assertThat(summary.keptShards()).isZero();
    }

    @Test
    void memoryChangesNoByteButHowOftenFilesAreRead() throws IOException {
        MdsFormat format = new MdsFormat(true, 4000, 2);
        long much = export(run.plan(), format, FROM, TO, out("memory-much")).readBytes();
        long little = exportWith(6000, format, out("memory-little"));
        long none = exportWith(1, format, out("memory-none"));
        assertThat(contents(out("memory-little"))).isEqualTo(contents(out("memory-much")));
        assertThat(contents(out("memory-none"))).isEqualTo(contents(out("memory-much")));
        assertThat(much).isLessThan(little);
        assertThat(little).isLessThan(none);
    }

    private static long exportWith(long memoryBytes, ExportFormat format, Path out) {
        return new MixtureExport(run.layout(), index(), run.plan(), format, FROM, TO, memoryBytes)
                .into(out, Progress.SILENT)
                .readBytes();
    }

    @Test
    void aKilledProcessIsGoneOnFrom() throws Exception {
        long end = run.plan().totalSequences();
        export(run.plan(), megatron(MegatronFormat.Unit.DOCUMENT, 100), 0, end, out("whole"));
        Path killed = out("killed");
        for (int lines : new int[] {3, 40, 90}) {
            Process process = ExportInOwnProcess.start(run.layout(), killed, 100);
            while (recorded(killed) < lines && !process.waitFor(1, TimeUnit.MILLISECONDS)) {}
            assertThat(ShardLease.held(run.layout())).as("leases while it runs").hasSize(1);
            process.destroyForcibly().waitFor();
            assertThat(process.exitValue()).as("killed before it had finished").isNotZero();
            assertThat(ShardLease.held(run.layout())).as("leases after it").isEmpty();
        }
        assertThat(ShardLease.leftOver(run.layout())).hasSize(3);
        MixtureExport.Summary summary = export(run.plan(), megatron(MegatronFormat.Unit.DOCUMENT, 100), 0, end, killed);
        assertThat(summary.keptShards()).isBetween(89, summary.shards() - 1);
        assertThat(contents(killed)).isEqualTo(contents(out("whole")));
    }

    private static long recorded(Path out) throws IOException {
        Path journal = out.resolve(ExportJournal.FILE_NAME);
        return Files.exists(journal) ? Files.readAllLines(journal).size() : 0;
    }

    @Test
    void whatIsDamagedIsWrittenAgainAndNothingElse() throws IOException {
        MdsFormat format = new MdsFormat(false, 4000, 2);
        Path out = out("damaged");
        MixtureExport.Summary first = export(run.plan(), format, FROM, TO, out);
        Map<String, String> whole = contents(out);
        whole.remove(ExportJournal.FILE_NAME);

        assertThat(export(run.plan(), format, FROM, TO, out).keptShards()).isEqualTo(first.shards());

        Path flipped = out.resolve("shard.00001.mds");
        byte[] bytes = Files.readAllBytes(flipped);
        bytes[bytes.length / 2] ^= 1;
        Files.write(flipped, bytes);
        Files.delete(out.resolve("shard.00003.mds"));
        Files.delete(out.resolve("index.json"));
        MixtureExport.Summary again = export(run.plan(), format, FROM, TO, out);
        assertThat(again.keptShards()).isEqualTo(first.shards() - 2);
        assertThat(again.digest()).isEqualTo(first.digest());

        // Killed while a line was written.
        Path journal = out.resolve(ExportJournal.FILE_NAME);
        Files.writeString(journal, "{\"shard\":2,\"fro", StandardOpenOption.APPEND);
        assertThat(export(run.plan(), format, FROM, TO, out).keptShards()).isEqualTo(first.shards());
        Map<String, String> mended = contents(out);
        assertThat(mended.remove(ExportJournal.FILE_NAME)).endsWith("}\n");
        assertThat(mended).isEqualTo(whole);
    }

    @Test
    void aFailureLeavesWhatWasFinishedAndNoTemporaryFile() throws IOException {
        Path out = out("failed");
        Progress stops = (name, unit, total) -> new Progress.Task() {
            private long done;

            @Override
            public void advance(long more) {
                done += more;
                if (done == 30) {
                    throw new IllegalStateException("stop here");
                }
            }

            @Override
            public void say(String note) {}

            @Override
            public void close() {}
        };
        MixtureExport export = new MixtureExport(
                run.layout(), index(), run.plan(), megatron(MegatronFormat.Unit.SEQUENCE, 300), FROM, TO, MEMORY);
        assertThatThrownBy(() -> export.into(out, stops)).hasMessage("stop here");
        assertThat(contents(out)).containsKeys("shard-00000.bin", "shard-00000.idx", ExportJournal.FILE_NAME);
        assertThat(contents(out).keySet()).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(export.into(out, Progress.SILENT).keptShards()).isEqualTo(4);
    }

    @Test
    void rangesOutsideThePlanAreRefused() {
        long end = run.plan().totalSequences();
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(1, 2), end, end + 1, out("range")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--from = %d: must be a position of the plan, 0..%d", end, end - 1);
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(1, 2), -1, 4, out("range")))
                .hasMessageContaining("--from = -1");
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(1, 2), 7, 7, out("range")))
                .hasMessage("--to = 7: must be behind --from and in the plan, 8..%d", end);
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(1, 2), 7, end + 1, out("range")))
                .hasMessageContaining("--to = " + (end + 1));
        assertThat(out("range")).doesNotExist();
    }

    @Test
    void aFolderWithSomethingElseIsRefusedAndLeftAlone() throws IOException {
        Path out = Files.createDirectories(out("foreign"));
        Files.writeString(out.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(9, 2), FROM, TO, out))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        out + ": has files that are not of an export (notes.txt), and no export.jsonl; name an empty"
                                + " folder");
        assertThat(contents(out)).containsOnlyKeys("notes.txt");
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(9, 2), FROM, TO, out.resolve("notes.txt")))
                .hasMessage(out.resolve("notes.txt") + ": is not a folder; name another one with --out");
    }

    @Test
    void aFolderWithAnotherExportIsRefused() throws IOException {
        Path out = out("other");
        export(run.plan(), new NanosetFormat(2000, 2), FROM, TO, out);
        Map<String, String> before = contents(out);
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(2000, 2), FROM, TO - 1, out))
                .isInstanceOf(DataException.class)
                .hasMessage(out.resolve("export.jsonl") + ": this folder has another export: to is 331 there and 330"
                        + " here; name another folder");
        assertThatThrownBy(() -> export(straight, new NanosetFormat(2000, 2), FROM, TO, out))
                .hasMessageContaining("another export: plan is " + run.plan().digest());
        assertThatThrownBy(() -> export(run.plan(), new MdsFormat(false, 2000, 2), FROM, TO, out))
                .hasMessageContaining("another export: form is nanoset there and mds here");
        assertThat(contents(out)).isEqualTo(before);
        Files.writeString(out.resolve("export.jsonl"), "{\"shard\":0}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> export(run.plan(), new NanosetFormat(2000, 2), FROM, TO, out))
                .hasMessageContaining("export.jsonl:"
                        + (before.get("export.jsonl").lines().count() + 1) + ": not a line of an export's record");
    }

    @Test
    void missingShardsAreNamed() throws IOException {
        RunLayout empty = new RunLayout(folder.resolve("empty"));
        assertThatThrownBy(() -> ShardLease.take(empty))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there are no shards here; run 'mixture build' first");
    }

    @Test
    void theCommandExportsAndSaysSo() throws IOException {
        Path runFile = Files.writeString(
                folder.resolve("run.yaml"),
                "run: export\nroot: %s\nseed: 1\n".formatted(run.layout().root()));
        Path out = out("command");
        StringWriter printed = new StringWriter();
        CommandLine command = new CommandLine(new ExportCommand()).setOut(new PrintWriter(printed, true));
        int code = command.execute(
                runFile.toString(),
                "--format",
                "mds",
                "--compression",
                "zstd",
                "--from",
                "70",
                "--to",
                "331",
                "--out",
                out.toString());
        assertThat(code).isZero();
        assertThat(printed.toString())
                .contains("261 sequences,", "shards       1, of which 0 were there", "MB read,", "M tokens/s");
        assertThat(MdsReader.read(out)).isEqualTo(loaded(run.plan(), FROM, TO));
        for (List<String> wrong : List.of(
                List.of("--format", "csv"),
                List.of("--format", "mds", "--unit", "document"),
                List.of("--format", "megatron", "--unit", "token"),
                List.of("--format", "megatron", "--compression", "zstd"),
                List.of("--format", "mds", "--compression", "gzip"),
                List.of("--format", "mds", "--shard-bytes", "4294967295"),
                List.of("--format", "nanoset", "--shard-bytes", "0"))) {
            List<String> arguments = new ArrayList<>(List.of(runFile.toString(), "--out", out.toString()));
            arguments.addAll(wrong);
            CommandLine refused = new CommandLine(new ExportCommand());
            refused.setExecutionExceptionHandler((failure, line, parsed) -> {
                assertThat(failure)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(wrong.get(wrong.size() - 2));
                return 2;
            });
            assertThat(refused.execute(arguments.toArray(String[]::new)))
                    .as("%s", wrong)
                    .isEqualTo(2);
        }
    }
}
