package io.peregrine.data.code.licence;

import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.SourceScanner;
import io.peregrine.data.text.UnicodeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds licences in texts, as SPDX expressions.
 *
 * <p>A tag {@code SPDX-License-Identifier:} says it all. Otherwise the texts of licences and the notices that name one are
 * known by their fingerprints. Where a text has several, all of them hold, unless a
 * short notice offers a choice ({@code dual}, {@code either of}, {@code or MIT}). A GNU licence's own text leaves open whether later versions are meant; {@code -only} is
 * assumed then.
 *
 * <p>Thread: one at a time.
 */
public final class LicenceFinder {
    private static final String TAG = "SPDX-License-Identifier:";
    private static final int HEADER_MAX = 16_384;
    private static final int FILE_MAX = 131_072;
    private static final List<String> HINTS =
            List.of("licen", "permission", "redistribution", "public domain", "confidential", "same terms as");
    private static final Set<String> FILE_NAMES = Set.of(
            "license", "licence", "copying", "copyright", "unlicense", "unlicence", "copying.lesser", "license-mit");
    private static final List<String> FILE_ENDINGS = List.of("", ".txt", ".md", ".rst", ".text", ".html", ".markdown");

    private final SourceScanner scanner = new SourceScanner();

    /** Whether a file holds the licence of what is in and below its folder, by its name. */
    public static boolean isLicenceFile(String path) {
        String name = UnicodeText.lower(path.substring(path.lastIndexOf('/') + 1));
        for (String ending : FILE_ENDINGS) {
            if (name.endsWith(ending) && FILE_NAMES.contains(name.substring(0, name.length() - ending.length()))) {
                return true;
            }
        }
        return name.matches("(licen[cs]e|copying)[-._][a-z0-9._-]+")
                && !name.matches(".*\\.(java|py|js|ts|go|c|h|json|rb)");
    }

    /** The licence that the text of a licence file is. */
    public Optional<String> ofLicenceFile(String text) {
        String head = text.substring(0, Math.min(text.length(), FILE_MAX));
        return tag(head).or(() -> expression(head));
    }

    /**
     * The licence that a source file names before its code begins.
     *
     * @param language of the file; without one, and in languages without comments, only a tag counts
     */
    public Optional<String> ofHeader(String text, Optional<CodeLanguage> language) {
        String head = text.substring(0, Math.min(text.length(), HEADER_MAX));
        Optional<String> tag = tag(head);
        if (tag.isPresent() || language.isEmpty() || !language.get().hasComments()) {
            return tag;
        }
        String lower = UnicodeText.lower(head);
        if (HINTS.stream().noneMatch(lower::contains)) {
            return Optional.empty();
        }
        return expression(comments(head, language.get()));
    }

    private String comments(String head, CodeLanguage language) {
        scanner.scan(head, language);
        StringBuilder comments = new StringBuilder();
        for (int i = 0; i < head.length(); i++) {
            char c = head.charAt(i);
            boolean comment = scanner.kind(i) == SourceScanner.COMMENT;
            if (c > ' ' && !comment && comments.length() > 0) {
                break;
            }
            comments.append(comment || c <= ' ' ? c : ' ');
        }
        return comments.toString();
    }

    private static Optional<String> tag(String text) {
        int at = text.indexOf(TAG);
        if (at < 0) {
            return Optional.empty();
        }
        int end = text.indexOf('\n', at);
        String line = text.substring(at + TAG.length(), end < 0 ? text.length() : end);
        List<String> words = new ArrayList<>();
        for (String word : line.replace("*/", " ")
                .replace("-->", " ")
                .replace("*)", " ")
                .strip()
                .split("\\s+")) {
            if (!word.matches("\\(?[A-Za-z0-9][A-Za-z0-9.:+-]*\\)*")) {
                break;
            }
            words.add(word);
        }
        return SpdxExpression.parse(String.join(" ", words)).map(Object::toString);
    }

    private static Optional<String> expression(String text) {
        Set<String> ids = Fingerprints.of(text);
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        String lower = UnicodeText.lower(text);
        boolean notice = text.length() < 3000;
        boolean choice = notice && offersChoice(lower);
        List<String> found = List.copyOf(ids);
        return Optional.of(choice ? SpdxExpression.anyOf(found) : SpdxExpression.allOf(found));
    }

    /** Whether a notice offers licences beside each other. */
    private static boolean offersChoice(String lower) {
        return lower.contains("dual-licen")
                || lower.contains("dual licen")
                || lower.contains("dually licen")
                || lower.contains("either of")
                || lower.contains(" or mit")
                || lower.contains(" or apache")
                || lower.contains("your choice");
    }
}
