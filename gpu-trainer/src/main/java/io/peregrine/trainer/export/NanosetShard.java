package io.peregrine.trainer.export;

import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.loader.PackedSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One {@code .ds} with its {@code .ds.index} and {@code .ds.metadata}. */
final class NanosetShard implements OutputShard {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private final NanosetFormat format;
    private final FileOutput tokens;
    private final FileOutput index;
    private final FileOutput metadata;

    NanosetShard(NanosetFormat format, Path folder, String name) throws IOException {
        this.format = format;
        this.tokens = new FileOutput(folder, name);
        this.index = new FileOutput(folder, name + ".index");
        this.metadata = new FileOutput(folder, name + ".metadata");
    }

    @Override
    public boolean fits(PackedSequence sequence) {
        return tokens.bytes() == 0 || tokens.bytes() + sequence.tokens().length <= format.shardBytes();
    }

    @Override
    public void add(PackedSequence sequence) throws IOException {
        long before = tokens.bytes() / format.tokenBytes();
        tokens.put(sequence.tokens());
        for (int end : sequence.docEnds()) {
            index.putLong(before + end);
        }
    }

    @Override
    public Files finish() throws IOException {
        long count = tokens.bytes() / format.tokenBytes();
        metadata.put("%s|%d\n%d\n%s"
                .formatted(TokenizerFiles.TOKENIZER_JSON, format.tokenBytes(), count, metric(count))
                .getBytes(StandardCharsets.US_ASCII));
        return new Files(List.of(tokens.finish(), index.finish(), metadata.finish()), Optional.empty());
    }

    /** A count to three digits, for people: 1234567 is {@code 1.23 MT}. */
    static String metric(long tokens) {
        double value = tokens;
        int thousands = 0;
        while (value >= 1000) {
            value /= 1000;
            thousands++;
        }
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %sT", value, PREFIXES[thousands]);
    }

    @Override
    public void close() throws IOException {
        try (tokens;
                index;
                metadata) {
            // Closes all three, whichever fails.
        }
    }
}
