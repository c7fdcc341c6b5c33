package io.peregrine.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The word lists of spaCy's languages, which ship as resources beside its licence: one entry a line. */
final class SpacyLists {
    private static final String FOLDER = "spacy/";

    private SpacyLists() {}

    /** The cases of a language: its words, each with the tokens into which it is cut, separated by tabs in the list. */
    static Map<String, List<String>> cases(String code) {
        return read(code + "-cases").stream()
                .map(line -> List.of(line.split("\t")))
                .collect(Collectors.toMap(tokens -> String.join("", tokens), tokens -> tokens));
    }

    /** Abbreviated units of measure, which are cut off behind a digit. */
    static List<String> units() {
        return read("units");
    }

    static List<String> unitsButPercent() {
        return units().stream().filter(unit -> !unit.equals("%")).toList();
    }

    /** The lines of a list. */
    static List<String> read(String name) {
        try (InputStream in = SpacyLists.class.getResourceAsStream(FOLDER + name + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("the list " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the list " + name + " cannot be read from the jar", e);
        }
    }
}
