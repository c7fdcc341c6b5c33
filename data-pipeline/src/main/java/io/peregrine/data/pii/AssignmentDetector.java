package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;
import java.util.List;
import java.util.Locale;

/**
 * Quoted values that a program or a settings file gives to a name that says secret, token, password or the like, if the
 * value looks drawn at random: {@code api_key = "..."}, {@code "clientSecret": "..."}, {@code PASSWORD := '...'}.
 *
 * <p>Only the value is found, without its quotes. No secret is: a value of few different characters, UUIDs and version
 * numbers, words without digits, paths, addresses and templates; nor anything given to a name that says hash, digest,
 * checksum, public or example, so that the lock files of package managers stay as they are.
 */
final class AssignmentDetector implements Detector {
    /** Between English words, about 2.9 at these lengths, and random hexadecimal digits, 3.5 and more. */
    static final double ENTROPY_MIN = 3.2;

    private static final int NAME_MAX = 64;
    private static final int VALUE_MIN = 12;
    private static final int VALUE_MAX = 512;
    private static final List<String> SECRET = List.of(
            "secret",
            "token",
            "password",
            "passwd",
            "pwd",
            "apikey",
            "api_key",
            "api-key",
            "accesskey",
            "access_key",
            "access-key",
            "privatekey",
            "private_key",
            "private-key",
            "authkey",
            "auth_key",
            "credential",
            "encryptionkey",
            "encryption_key",
            "signingkey",
            "signing_key");

    private static final List<String> HARMLESS = List.of(
            "hash",
            "sha1",
            "sha2",
            "sha5",
            "md5",
            "digest",
            "checksum",
            "integrity",
            "public",
            "example",
            "tokenize",
            "uuid",
            "version",
            "tokens");

    private static final List<String> PLACEHOLDERS = List.of(
            "example",
            "your",
            "xxxx",
            "changeme",
            "placeholder",
            "dummy",
            "sample",
            "redacted",
            "${",
            "{{",
            "<",
            "://");

    private final double entropyMin;

    AssignmentDetector(double entropyMin) {
        this.entropyMin = entropyMin;
    }

    @Override
    public void find(String text, Spans found) {
        int free = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c == '=' || c == ':') && isSecret(text, at)) {
                int start = startOfValue(text, at + 1);
                int end = start < 0 ? -1 : endOfValue(text, start);
                if (end > 0 && start >= free && isRandom(text, start, end)) {
                    found.add(start, end);
                    free = end;
                    at = end;
                }
            }
        }
    }

    /** Whether the name before an assignment says that its value is a secret. */
    private static boolean isSecret(String text, int assignment) {
        int end = assignment;
        int least = Math.max(0, assignment - NAME_MAX);
        while (end > least && " \t:\"']".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = end;
        while (start > least && isName(text.charAt(start - 1))) {
            start--;
        }
        if (end - start < 3) {
            return false;
        }
        String name = text.substring(start, end).toLowerCase(Locale.ROOT);
        return SECRET.stream().anyMatch(name::contains) && HARMLESS.stream().noneMatch(name::contains);
    }

    private static boolean isName(char c) {
        return Ascii.isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
    }

    /** Index after the opening quote, or -1 if no quoted value follows. */
    private static int startOfValue(String text, int from) {
        int at = from;
        while (at - from < 8 && " \t=>".indexOf(Ascii.at(text, at)) >= 0) {
            at++;
        }
        char c = Ascii.at(text, at);
        return c == '"' || c == '\'' || c == '`' ? at + 1 : -1;
    }

    /** Index of the closing quote, or -1 if the value is not of the length and the characters of a secret. */
    private static int endOfValue(String text, int start) {
        char quote = text.charAt(start - 1);
        int at = start;
        while (at - start <= VALUE_MAX
                && Ascii.at(text, at) > ' '
                && text.charAt(at) < 127
                && text.charAt(at) != quote) {
            at++;
        }
        int length = at - start;
        return Ascii.at(text, at) == quote && length >= VALUE_MIN && length <= VALUE_MAX ? at : -1;
    }

    private boolean isRandom(String text, int start, int end) {
        String value = text.substring(start, end);
        String lower = value.toLowerCase(Locale.ROOT);
        boolean digits = value.chars().anyMatch(c -> Ascii.isDigit((char) c));
        boolean letters = value.chars().anyMatch(c -> Ascii.isLetter((char) c));
        return digits
                && letters
                && PLACEHOLDERS.stream().noneMatch(lower::contains)
                && !isUuid(value)
                && !isVersion(value)
                && !isCodeOrPath(value)
                && Entropy.bits(value, 0, value.length()) >= entropyMin;
    }

    private static boolean isUuid(String value) {
        if (value.length() != 36) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? value.charAt(i) != '-' : !Ascii.isHex(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Numbers with dots at the front, such as 1.20.3-beta.4+build. */
    private static boolean isVersion(String value) {
        int from = value.charAt(0) == 'v' || value.charAt(0) == '^' || value.charAt(0) == '~' ? 1 : 0;
        int first = Ascii.endOfDigits(value, from);
        return first > from && Ascii.at(value, first) == '.' && Ascii.isDigit(Ascii.at(value, first + 1));
    }

    private static boolean isCodeOrPath(String value) {
        return value.startsWith("/")
                || value.startsWith("./")
                || value.startsWith("../")
                || value.startsWith("$")
                || value.startsWith("%")
                || value.indexOf('(') >= 0
                || value.indexOf('\\') >= 0;
    }
}
