package io.peregrine.data.code.repo;

import io.peregrine.data.code.licence.SpdxExpression;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes documents of the files of a repository: in {@link RepositoryOrder}, each after a line with its path, as many as a
 * budget holds.
 *
 * <p>A file goes whole into the document that has room for it, or into the next. One that is longer than a whole budget is
 * cut at line ends into parts with numbers; a line that is longer than a budget is cut inside. No character of a file is
 * lost or there twice; a line end is added to files without one. Empty files are left out.
 *
 * <p>Pure: the same files in any order give the same documents. Thread: one at a time.
 */
public final class RepositoryPacker {
    private final RepositoryConfig config;
    private final RepositoryOrder order = new RepositoryOrder();
    private final List<Packed> packed = new ArrayList<>();
    private StringBuilder text = new StringBuilder();
    private int characters;
    private int files;
    private final List<String> licences = new ArrayList<>();
    private final Map<String, Integer> languages = new TreeMap<>();

    /**
     * One document.
     *
     * @param part number of the document in its repository, from 1
     * @param text files with their header lines
     * @param language of most of its characters
     * @param licence all licences of its files together
     * @param files files that begin here
     */
    public record Packed(int part, String text, String language, String licence, int files) {}

    public RepositoryPacker(RepositoryConfig config) {
        this.config = config;
    }

    /** Files that {@link #pack} leaves out because the repository has too many. */
    public int leftOut(List<RepositoryFile> all) {
        return Math.max(0, nonEmpty(all).size() - config.filesMax());
    }

    /** The documents of a repository. Paths must be different. */
    public List<Packed> pack(List<RepositoryFile> all) {
        packed.clear();
        for (RepositoryFile file : order.order(order.first(nonEmpty(all), config.filesMax()))) {
            add(file);
        }
        flush();
        return List.copyOf(packed);
    }

    private static List<RepositoryFile> nonEmpty(List<RepositoryFile> all) {
        return all.stream().filter(file -> !file.text().isBlank()).toList();
    }

    private void add(RepositoryFile file) {
        String whole = header(file, "") + closed(file.text());
        int length = length(whole);
        if (length > config.budgetCharacters()) {
            flush();
            split(file);
            return;
        }
        if (characters + length > config.budgetCharacters()) {
            flush();
        }
        append(whole, length, file);
        files++;
    }

    private void split(RepositoryFile file) {
        int room = config.budgetCharacters() - length(header(file, " (part 1000000 of 1000000)"));
        List<String> pieces = pieces(closed(file.text()), room);
        for (int i = 0; i < pieces.size(); i++) {
            String piece = header(file, " (part %d of %d)".formatted(i + 1, pieces.size())) + pieces.get(i);
            if (characters > 0) {
                flush();
            }
            append(piece, length(piece), file);
            files += i == 0 ? 1 : 0;
        }
    }

    /** Pieces of at most this many characters that end at line ends, or inside a line that is longer. */
    private static List<String> pieces(String text, int room) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int most = ahead(text, from, room);
            int end = most == text.length() ? most : text.lastIndexOf('\n', most - 1) + 1;
            end = end <= from ? most : end;
            pieces.add(text.substring(from, end));
            from = end;
        }
        return pieces;
    }

    private static int ahead(String text, int from, int codePoints) {
        int at = from;
        for (int i = 0; i < codePoints && at < text.length(); i++) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private void append(String piece, int length, RepositoryFile file) {
        text.append(piece);
        characters += length;
        licences.add(file.licence());
        languages.merge(file.language(), length, Integer::sum);
    }

    private void flush() {
        if (characters == 0) {
            return;
        }
        String language = languages.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<String, Integer>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElseThrow();
        packed.add(new Packed(packed.size() + 1, text.toString(), language, SpdxExpression.allOf(licences), files));
        text = new StringBuilder();
        characters = 0;
        files = 0;
        licences.clear();
        languages.clear();
    }

    /** The line before a file. Of a path that would fill the budget only the end is written. */
    private String header(RepositoryFile file, String part) {
        String path = file.path().replace('\n', ' ').replace('\r', ' ');
        int most = config.budgetCharacters() / 4;
        String shown = path.length() <= most ? path : tail(path, most);
        String words = config.header().replace("{part}", part).replace("{path}", shown);
        Optional<CodeLanguage> language = CodeLanguages.named(file.language());
        return language.map(known -> known.comment(words)).orElse("# " + words) + "\n";
    }

    private static String tail(String path, int most) {
        int from = path.length() - most;
        return path.substring(Character.isLowSurrogate(path.charAt(from)) ? from + 1 : from);
    }

    private static String closed(String text) {
        return text.endsWith("\n") ? text : text + "\n";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
