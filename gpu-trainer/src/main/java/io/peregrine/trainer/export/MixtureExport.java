package io.peregrine.trainer.export;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.trainer.loader.PackedSequence;
import io.peregrine.trainer.loader.ShardStreams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the sequences at some positions of a plan, in training order, in a form that other trainers read.
 *
 * <p>Output shards come one after the other, each filled with whole sequences as far as its size allows. A shard that the
 * export's record has and whose files have their digests is kept; every other one is written. So a stopped export goes on,
 * and a finished one is checked.
 */
public final class MixtureExport {
    static final String FORMAT = "peregrine-export";
    static final int VERSION = 1;

    private final MixturePlan plan;
    private final ShardIndex index;
    private final ExportFormat format;
    private final long from;
    private final long to;
    private final PlannedSequences sequences;
    private final ShardStreams streams;

    /**
     * Opens the shards; reads no data.
     *
     * @param layout the run
     * @param index its shards; leased, if others may build and remove meanwhile
     * @param plan its plan
     * @param format form and settings
     * @param from first position
     * @param to position behind the last
     * @param memoryBytes memory to make do with, besides what a form itself holds
     * @throws ConfigException if the plan does not have these positions
     * @throws DataException if the shards are missing or not those of the plan
     */
    public MixtureExport(
            RunLayout layout,
            ShardIndex index,
            MixturePlan plan,
            ExportFormat format,
            long from,
            long to,
            long memoryBytes) {
        if (from < 0 || from >= plan.totalSequences()) {
            throw new ConfigException(
                    "--from", from, "must be a position of the plan, 0..%d".formatted(plan.totalSequences() - 1));
        }
        if (to <= from || to > plan.totalSequences()) {
            throw new ConfigException(
                    "--to",
                    to,
                    "must be behind --from and in the plan, %d..%d".formatted(from + 1, plan.totalSequences()));
        }
        this.plan = plan;
        this.index = index;
        this.format = format;
        this.from = from;
        this.to = to;
        ReadMemory memory = ReadMemory.of(plan, memoryBytes);
        this.streams = ShardStreams.open(layout, index, plan, Integer.MAX_VALUE, memory.heldBytes());
        this.sequences = new PlannedSequences(plan, streams, to, memory.aheadBytes());
    }

    /**
     * What came of it.
     *
     * @param sequences positions exported
     * @param pieces pieces of documents
     * @param tokens tokens
     * @param shards output shards
     * @param keptShards of these, those that were there already
     * @param written the others
     * @param readBytes size of the shard files read for them, each as often as it was
     * @param digest identity of the output: Merkle root of the SHA-256 of its shards' files, 64 hexadecimal digits
     */
    public record Summary(
            long sequences,
            long pieces,
            long tokens,
            int shards,
            int keptShards,
            Written written,
            long readBytes,
            String digest) {}

    /**
     * Exports into a folder, going on where an earlier process stopped.
     *
     * @throws DataException if the folder has something else in it, or cannot be written
     */
    public Summary into(Path folder, Progress progress) {
        try {
            ExportJournal.requireUsable(folder);
            try (RunLock lock = RunLock.take(new RunLayout(folder));
                    Progress.Task task = progress.task("export", "sequences", to - from)) {
                ExportJournal journal = ExportJournal.open(folder, head());
                return export(folder, journal, task);
            }
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be written (%s); the same command goes on behind the last finished shard"
                            .formatted(folder, e),
                    e);
        }
    }

    /** Everything that decides a byte of the output. */
    private Map<String, String> head() {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("format", FORMAT);
        head.put("version", Integer.toString(VERSION));
        head.put("form", format.name());
        head.putAll(format.settings());
        head.put("plan", plan.digest());
        head.put("shards", index.payloadDigest());
        head.put("token-bytes", Integer.toString(plan.tokenBytes()));
        head.put("from", Long.toString(from));
        head.put("to", Long.toString(to));
        return head;
    }

    private Summary export(Path folder, ExportJournal journal, Progress.Task task) throws IOException {
        List<ExportedShard> shards = new ArrayList<>();
        Written written = new Written();
        int kept = 0;
        long position = from;
        while (position < to) {
            Optional<ExportedShard> there = kept(folder, journal, shards.size(), position);
            if (there.isPresent()) {
                kept++;
                shards.add(there.get());
                task.advance(there.get().to() - position);
            } else {
                long began = System.nanoTime();
                ExportedShard shard = write(folder, shards.size(), position, task);
                journal.add(shard);
                shards.add(shard);
                written.add(shard, (System.nanoTime() - began) / 1e9);
                task.say(written.rate());
            }
            position = shards.get(shards.size() - 1).to();
        }
        format.finish(folder, shards);
        return new Summary(
                to - from,
                shards.stream().mapToLong(ExportedShard::pieces).sum(),
                shards.stream().mapToLong(ExportedShard::tokens).sum(),
                shards.size(),
                kept,
                written,
                streams.readBytes(),
                digest(shards));
    }

    private Optional<ExportedShard> kept(Path folder, ExportJournal journal, int number, long position)
            throws IOException {
        Optional<ExportedShard> recorded = journal.shard(number);
        boolean intact = recorded.isPresent()
                && recorded.get().from() == position
                && recorded.get().to() <= to
                && recorded.get().isIntact(folder);
        return intact ? recorded : Optional.empty();
    }

    private ExportedShard write(Path folder, int number, long begin, Progress.Task task) throws IOException {
        sequences.seek(begin);
        long pieces = 0;
        long tokens = 0;
        try (OutputShard shard = format.begin(folder, number)) {
            while (sequences.position() < to && shard.fits(sequences.current())) {
                PackedSequence sequence = sequences.current();
                shard.add(sequence);
                pieces += sequence.docEnds().length;
                tokens += sequence.length();
                sequences.advance();
                task.advance(1);
            }
            OutputShard.Files files = shard.finish();
            return new ExportedShard(
                    number, begin, sequences.position(), pieces, tokens, files.stored(), files.unpacked());
        }
    }

    private static String digest(List<ExportedShard> shards) {
        return PayloadDigest.merkleRoot(shards.stream()
                .flatMap(shard -> shard.files().stream())
                .map(file -> HexFormat.of().parseHex(file.sha256()))
                .toList());
    }
}
