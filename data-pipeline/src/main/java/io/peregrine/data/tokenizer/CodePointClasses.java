package io.peregrine.data.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What kind of character a code point is, from a table of our own. Java, Oniguruma and Rust each bring another version of
 * Unicode; a class written out as ranges means the same in all of them.
 */
final class CodePointClasses {
    /** Everything that is none of the others: punctuation, symbols, controls, and what Unicode 13 did not know. */
    static final byte OTHER = 0;

    /** Letters and the marks that sit on them. */
    static final byte LETTER = 1;

    /** Digits and everything else that is a number by itself. */
    static final byte NUMBER = 2;

    /** Line feed and carriage return. */
    static final byte NEWLINE = 3;

    /** The other characters with the property White_Space. */
    static final byte SPACE = 4;

    private static final String RESOURCE = "unicode-13.0.txt";
    // White_Space less LF and CR; unchanged since Unicode 6.3.
    private static final List<Range> SPACES = List.of(
            new Range(0x09, 0x09),
            new Range(0x0B, 0x0C),
            new Range(0x20, 0x20),
            new Range(0x85, 0x85),
            new Range(0xA0, 0xA0),
            new Range(0x1680, 0x1680),
            new Range(0x2000, 0x200A),
            new Range(0x2028, 0x2029),
            new Range(0x202F, 0x202F),
            new Range(0x205F, 0x205F),
            new Range(0x3000, 0x3000));

    private static final CodePointClasses INSTANCE = new CodePointClasses();

    private final List<Range> letters;
    private final List<Range> numbers;
    private final byte[] classes = new byte[Character.MAX_CODE_POINT + 1];

    /** Code points from {@code first} to {@code last}, both included. */
    record Range(int first, int last) {}

    private CodePointClasses() {
        Map<String, List<Range>> table = read();
        letters = Collections.unmodifiableList(table.get("letters-and-marks"));
        numbers = Collections.unmodifiableList(table.get("numbers"));
        fill(letters, LETTER);
        fill(numbers, NUMBER);
        fill(SPACES, SPACE);
        fill(List.of(new Range('\n', '\n'), new Range('\r', '\r')), NEWLINE);
    }

    /** The class of a code point, one of the constants above. */
    static byte of(int codePoint) {
        return INSTANCE.classes[codePoint];
    }

    static List<Range> letters() {
        return INSTANCE.letters;
    }

    static List<Range> numbers() {
        return INSTANCE.numbers;
    }

    static List<Range> spaces() {
        return SPACES;
    }

    private void fill(List<Range> ranges, byte value) {
        for (Range range : ranges) {
            for (int c = range.first; c <= range.last; c++) {
                classes[c] = value;
            }
        }
    }

    private static Map<String, List<Range>> read() {
        Map<String, List<Range>> table = new HashMap<>();
        List<Range> current = List.of();
        try (InputStream in = CodePointClasses.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    current = new ArrayList<>();
                    table.put(line.substring(1, line.indexOf(']')), current);
                } else if (!line.startsWith("#")) {
                    for (String range : line.split(" ")) {
                        String[] ends = range.split("-");
                        int first = Integer.parseInt(ends[0], 16);
                        current.add(new Range(first, Integer.parseInt(ends[ends.length - 1], 16)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
        return table;
    }
}
