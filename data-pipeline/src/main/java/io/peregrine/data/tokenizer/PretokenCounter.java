package io.peregrine.data.tokenizer;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Counts the pre-tokens of the texts it is shown. Counters of parts of a corpus add up to the counter of the whole. */
public final class PretokenCounter {
    private static final int UTF8_BYTES_PER_CHAR_MAX = 3;

    private final PreTokenizer preTokenizer;
    private final Map<String, Count> counts = new HashMap<>();
    private long overlong;
    private long overlongBytes;

    private static final class Count {
        private long value;
    }

    public PretokenCounter(PreTokenizer preTokenizer) {
        this.preTokenizer = preTokenizer;
    }

    /** Counts the pre-tokens of one text. */
    public void add(String text) {
        add(text, 1);
    }

    /** Counts the pre-tokens of one text as if it were there {@code weight} times. */
    public void add(String text, long weight) {
        String wellFormed = WellFormed.of(text);
        int start = 0;
        while (start < wellFormed.length()) {
            int end = preTokenizer.end(wellFormed, start);
            count(wellFormed, start, end, weight);
            start = end;
        }
    }

    private void count(String text, int start, int end, long weight) {
        if ((long) (end - start) * UTF8_BYTES_PER_CHAR_MAX > PreTokenizer.TRAINING_BYTES_MAX) {
            long bytes = utf8Bytes(text, start, end);
            if (bytes > PreTokenizer.TRAINING_BYTES_MAX) {
                overlong++;
                overlongBytes += bytes;
                return;
            }
        }
        Count count = counts.computeIfAbsent(text.substring(start, end), pretoken -> new Count());
        count.value = Math.addExact(count.value, weight);
    }

    /** Different pre-tokens seen so far. */
    public int size() {
        return counts.size();
    }

    /** What was counted, in no particular order. */
    public Iterator<PretokenCount> counts() {
        return counts.entrySet().stream()
                .map(entry -> new PretokenCount(entry.getKey(), entry.getValue().value))
                .iterator();
    }

    /** Pre-tokens longer than {@link PreTokenizer#TRAINING_BYTES_MAX}, which are not counted otherwise; weights do not count. */
    public long overlong() {
        return overlong;
    }

    /** How much text those were, in bytes of UTF-8. */
    public long overlongBytes() {
        return overlongBytes;
    }

    /** Bytes in UTF-8 of a part of a well-formed text. */
    static long utf8Bytes(String text, int start, int end) {
        long bytes = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2; // a pair of surrogates is four bytes
            } else {
                bytes += UTF8_BYTES_PER_CHAR_MAX;
            }
        }
        return bytes;
    }
}
