package io.peregrine.data.language;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The words and labels of a fastText model, and the rows of the input matrix that a text stands for: words, their groups
 * of characters, and groups of words.
 *
 * <p>Immutable, shared by all threads.
 */
final class FastTextDictionary {
    private static final byte[] END_OF_LINE = "</s>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL = "__label__".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRIES_MOST = 1 << 27;
    private static final int ENTRY_BYTES_MOST = 1 << 16;
    /** Far below the count that stands for no node yet when the Huffman tree is built. */
    private static final long LABEL_COUNT_MOST = 1_000_000_000_000L;

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 16777619;
    private static final long NGRAM_PRIME = 116049371L;

    private final FastTextArgs args;
    private final int words;
    private final String[] labels;
    private final long[] labelCounts;
    private final int[] starts;
    private final int[] slots;
    private final Map<Integer, Integer> pruned = new HashMap<>();
    private final boolean prunes;
    private byte[] bytes = new byte[1024];

    FastTextDictionary(FastTextFile file, FastTextArgs args) throws IOException {
        this.args = args;
        int entries = file.readCount("number of entries", ENTRIES_MOST);
        this.words = file.readCount("number of words", entries);
        int labelled = file.readCount("number of labels", entries);
        if (words + labelled != entries || labelled == 0) {
            throw file.broken("%d words and %d labels must add up to %d entries".formatted(words, labelled, entries));
        }
        file.readLong();
        long prunedRows = file.readLong();
        file.promise(10L * entries);
        this.labels = new String[labelled];
        this.labelCounts = new long[labelled];
        this.starts = new int[words + 1];
        this.slots = new int[Integer.highestOneBit(Math.max(1, words)) * 4];
        for (int i = 0; i < entries; i++) {
            readEntry(file, i);
        }
        this.prunes = prunedRows >= 0;
        file.promise(8 * Math.max(0, prunedRows));
        for (long i = 0; i < prunedRows; i++) {
            int group = file.readInt();
            pruned.put(group, file.readInt());
        }
        bytes = Arrays.copyOf(bytes, starts[words]);
    }

    private void readEntry(FastTextFile file, int entry) throws IOException {
        int start = starts[Math.min(entry, words)];
        int end = start;
        for (byte b = file.readByte(); b != 0; b = file.readByte()) {
            if (end - start == ENTRY_BYTES_MOST) {
                throw file.broken("entry %d must have at most %d bytes".formatted(entry, ENTRY_BYTES_MOST));
            }
            if (end == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            bytes[end++] = b;
        }
        long count = file.readLong();
        byte type = file.readByte();
        if (type != (entry < words ? 0 : 1)) {
            throw file.broken("type %d of entry %d must be 0 for the words and then 1".formatted(type, entry));
        }
        if (entry < words) {
            starts[entry + 1] = end;
            int slot = slot(bytes, start, end, hash(bytes, start, end));
            slots[slot] = entry + 1;
        } else {
            if (count < 0 || count > LABEL_COUNT_MOST) {
                throw file.broken("label count %d must be 0 to %d".formatted(count, LABEL_COUNT_MOST));
            }
            labels[entry - words] = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            labelCounts[entry - words] = count;
        }
    }

    int words() {
        return words;
    }

    int labels() {
        return labels.length;
    }

    String label(int index) {
        return labels[index];
    }

    long labelCount(int index) {
        return labelCounts[index];
    }

    /** Whether groups of characters without a row of their own were cut away. */
    boolean prunes() {
        return prunes;
    }

    /** Rows of the input matrix that groups may name: the buckets, or those that pruning left. */
    int groupRows() {
        return prunes ? pruned.size() : args.bucket();
    }

    /** Whether every row that pruning names is one of those that it left. */
    boolean prunedRowsExist() {
        return pruned.values().stream().allMatch(row -> row >= 0 && row < pruned.size());
    }

    /** Rows of the input matrix for a line of UTF-8; a line feed is white space, the end of the line a word. */
    FastTextRows rows(byte[] text) {
        FastTextRows rows = new FastTextRows();
        FastTextRows hashes = new FastTextRows();
        for (int at = 0; at < text.length; at++) {
            int start = at;
            while (at < text.length && !space(text[at])) {
                at++;
            }
            if (at > start) {
                addToken(text, start, at, rows, hashes);
            }
        }
        addToken(END_OF_LINE, 0, END_OF_LINE.length, rows, hashes);
        addWordGroups(rows, hashes);
        return rows;
    }

    private void addToken(byte[] text, int start, int end, FastTextRows rows, FastTextRows hashes) {
        int hash = hash(text, start, end);
        int word = slots[slot(text, start, end, hash)] - 1;
        if (word < 0 && startsWith(text, start, end, LABEL)) {
            return;
        }
        if (word >= 0) {
            rows.add(word);
        }
        if (args.longestGroup() > 0 && !Arrays.equals(text, start, end, END_OF_LINE, 0, END_OF_LINE.length)) {
            byte[] framed = new byte[end - start + 2];
            framed[0] = '<';
            System.arraycopy(text, start, framed, 1, end - start);
            framed[framed.length - 1] = '>';
            addCharacterGroups(framed, rows);
        }
        hashes.add(hash);
    }

    private void addCharacterGroups(byte[] word, FastTextRows rows) {
        for (int start = 0; start < word.length; start++) {
            if (continues(word[start])) {
                continue;
            }
            int hash = FNV_OFFSET;
            int end = start;
            for (int n = 1; end < word.length && n <= args.longestGroup(); n++) {
                do {
                    hash = (hash ^ word[end++]) * FNV_PRIME;
                } while (end < word.length && continues(word[end]));
                if (n >= args.shortestGroup() && !(n == 1 && (start == 0 || end == word.length))) {
                    addGroup(Integer.remainderUnsigned(hash, args.bucket()), rows);
                }
            }
        }
    }

    /** Hashes are signed 32-bit numbers that are widened with their sign: the original's types. */
    private void addWordGroups(FastTextRows rows, FastTextRows hashes) {
        for (int i = 0; i < hashes.size(); i++) {
            long hash = hashes.get(i);
            for (int j = i + 1; j < hashes.size() && j < i + args.wordGroups(); j++) {
                hash = hash * NGRAM_PRIME + hashes.get(j);
                addGroup((int) Long.remainderUnsigned(hash, args.bucket()), rows);
            }
        }
    }

    private void addGroup(int group, FastTextRows rows) {
        Integer row = prunes ? pruned.get(group) : Integer.valueOf(group);
        if (row != null) {
            rows.add(words + row);
        }
    }

    /** FNV-1a of 32 bits, in which a byte is signed: what is beyond ASCII flips the upper bits too. */
    private static int hash(byte[] text, int start, int end) {
        int hash = FNV_OFFSET;
        for (int i = start; i < end; i++) {
            hash = (hash ^ text[i]) * FNV_PRIME;
        }
        return hash;
    }

    /** The slot of a word, or the empty slot where it would be. */
    private int slot(byte[] text, int start, int end, int hash) {
        int slot = hash & (slots.length - 1);
        while (slots[slot] != 0) {
            int word = slots[slot] - 1;
            if (Arrays.equals(text, start, end, bytes, starts[word], starts[word + 1])) {
                return slot;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private static boolean startsWith(byte[] text, int start, int end, byte[] prefix) {
        return end - start >= prefix.length
                && Arrays.equals(text, start, start + prefix.length, prefix, 0, prefix.length);
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }

    private static boolean space(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r') || b == 0;
    }
}
