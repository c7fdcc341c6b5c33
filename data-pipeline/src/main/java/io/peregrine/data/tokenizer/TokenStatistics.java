package io.peregrine.data.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a run's text as tokens, kept as {@code statistics.json} beside the token table.
 *
 * <p>The unigram entropy is what a model that knows nothing but the frequency of each token would lose per token: the bar
 * that a trained model has to get well below.
 *
 * @param vocabSize entries of the tokenizer's vocabulary
 * @param usedTokens how many of them occur
 * @param streams by stream
 * @param all all streams together
 */
public record TokenStatistics(int vocabSize, int usedTokens, Map<String, Stream> streams, Stream all) {
    public static final String FILE_NAME = "statistics.json";

    /**
     * One stream.
     *
     * @param documents documents
     * @param tokens tokens, the end-of-text token of each document included
     * @param bytes bytes of text, in UTF-8
     * @param bytesPerToken bytes of text per token, 0 without tokens
     * @param singleTokenWordRatio share of the words, 0..1, that are one token; 0 without words
     * @param unigramEntropyNats entropy of the tokens' frequencies, in nats per token
     */
    public record Stream(
            long documents,
            long tokens,
            long bytes,
            double bytesPerToken,
            double singleTokenWordRatio,
            double unigramEntropyNats) {
        static Stream of(long documents, long bytes, WordCount words, SortedMap<Integer, Long> tokenCounts) {
            long tokens =
                    tokenCounts.values().stream().mapToLong(Long::longValue).sum();
            double bytesPerToken = tokens == 0 ? 0 : (double) bytes / tokens;
            double wholeWords = words.words() == 0 ? 0 : (double) words.singleTokenWords() / words.words();
            return new Stream(documents, tokens, bytes, bytesPerToken, wholeWords, entropyNats(tokenCounts, tokens));
        }
    }

    public TokenStatistics {
        streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    }

    /**
     * What a builder is told of one stream.
     *
     * @param documents documents
     * @param bytes bytes of text
     * @param words words, and those of them in one token
     * @param tokenCounts occurrences by token id
     */
    public record Counted(long documents, long bytes, WordCount words, SortedMap<Integer, Long> tokenCounts) {}

    /** The statistics of these streams. */
    public static TokenStatistics of(int vocabSize, Map<String, Counted> counted) {
        Map<String, Stream> streams = new TreeMap<>();
        SortedMap<Integer, Long> together = new TreeMap<>();
        long documents = 0;
        long bytes = 0;
        WordCount words = new WordCount(0, 0);
        for (Map.Entry<String, Counted> entry : counted.entrySet()) {
            Counted stream = entry.getValue();
            streams.put(entry.getKey(), Stream.of(stream.documents, stream.bytes, stream.words, stream.tokenCounts));
            stream.tokenCounts.forEach((token, count) -> together.merge(token, count, Long::sum));
            documents += stream.documents;
            bytes += stream.bytes;
            words = words.plus(stream.words);
        }
        return new TokenStatistics(vocabSize, together.size(), streams, Stream.of(documents, bytes, words, together));
    }

    /** Summed in the order of the ids, with a fixed logarithm, so that it is the same everywhere. */
    private static double entropyNats(SortedMap<Integer, Long> counts, long total) {
        double entropy = 0;
        for (long count : counts.values()) {
            double share = (double) count / total;
            entropy -= share * StrictMath.log(share);
        }
        return entropy;
    }

    /** Writes the file into a folder. */
    public Path write(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            byte[] json = (TokenizerFiles.JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFiles.write(file, json);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Reads the file of a folder. */
    public static TokenStatistics read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            return TokenizerFiles.JSON.readValue(Files.readString(file), TokenStatistics.class);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such file; run the tokens stage first".formatted(file), e);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not valid (%s); run the tokens stage again".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }
}
