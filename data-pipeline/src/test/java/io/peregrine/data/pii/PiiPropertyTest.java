package io.peregrine.data.pii;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.testing.ForAll.Gen;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiiPropertyTest {
    private static final int BAIT_CHARACTERS = 10_000_000;
    private static final String[] WORDS = {"the", "house", "was", "sold", "in", "May", "for", "less,", "they", "said."};

    private static Annotation annotate(String text) {
        return new PiiAnnotator(PiiConfig.DEFAULTS).annotate(Document.of("s", "web", "o", "l", "en", text));
    }

    private static String digits(Gen gen, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(gen.random().nextInt(10));
        }
        return digits.toString();
    }

    private static String letters(Gen gen, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + gen.random().nextInt(26)));
        }
        return letters.toString();
    }

    private static String card(Gen gen) {
        String body = "4" + digits(gen, 14);
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int digit = body.charAt(14 - i) - '0';
            int doubled = i % 2 == 0 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        String plain = body + (10 - sum % 10) % 10;
        return gen.random().nextInt(2) == 0 ? plain : plain.replaceAll("(\\d{4})(?=\\d)", "$1-");
    }

    private static String iban(Gen gen) {
        String account = digits(gen, 18);
        long remainder = new java.math.BigInteger(account + "131400")
                .mod(java.math.BigInteger.valueOf(97))
                .longValue();
        return "DE%02d%s".formatted(98 - remainder, account);
    }

    private static String planted(int kind, Gen gen) {
        return switch (kind) {
            case 0 -> "AKIA" + (letters(gen, 12) + "Q7Z2").toUpperCase(java.util.Locale.ROOT);
            case 1 -> letters(gen, gen.between(1, 12)) + "." + letters(gen, 3) + "@" + letters(gen, 8) + ".org";
            case 2 -> iban(gen);
            case 3 -> card(gen);
            case 4 -> gen.between(11, 99) + "." + gen.between(0, 255) + "." + gen.between(0, 255) + ".57";
            default -> "+49 " + gen.between(30, 999) + " " + gen.between(100_000, 9_999_999);
        };
    }

    @Test
    void everyPlantedThingIsFoundAndNothingElse() {
        Map<Integer, int[]> recall = new TreeMap<>();
        forAll(2000, gen -> {
            int kind = gen.between(0, 5);
            StringBuilder before = new StringBuilder();
            StringBuilder after = new StringBuilder();
            for (int i = gen.between(0, 10); i > 0; i--) {
                before.append(WORDS[gen.random().nextInt(WORDS.length)]).append(' ');
                after.append(' ').append(WORDS[gen.random().nextInt(WORDS.length)]);
            }
            String thing = planted(kind, gen);
            Annotation annotation = annotate(before + thing + after);
            int[] counts = recall.computeIfAbsent(kind, k -> new int[2]);
            counts[0] += annotation.value(kind) == 1 ? 1 : 0;
            counts[1]++;
            double all = 0;
            for (int i = 0; i < 6; i++) {
                all += annotation.value(i);
            }
            assertThat(all)
                    .as(
                            "%s%s%s: found %s",
                            before, thing, after, annotation.document().text())
                    .isEqualTo(1);
            assertThat(annotation.document().text())
                    .startsWith(before)
                    .endsWith(after)
                    .doesNotContain(thing);
        });
        recall.forEach((kind, counts) -> assertThat(counts[0])
                .as("recall of %s: %d of %d", PiiKind.values()[kind], counts[0], counts[1])
                .isEqualTo(counts[1]));
    }

    @Test
    void maskingAgainChangesNothing() {
        forAll(500, gen -> {
            String text = gen.text() + " " + planted(gen.between(0, 5), gen) + " " + gen.text();
            String once = annotate(text).document().text();
            assertThat(annotate(once).document().text()).isEqualTo(once);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@",
                "7",
                "a.a.a@",
                "a@",
                "a@b.",
                "1 ",
                "1-",
                "4111-",
                "1.1.",
                "255.255.255.",
                "+",
                "(",
                "+4",
                "(2",
                "2001:",
                "2001::",
                "f:",
                "DE89",
                "DE89 ",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "eyJ",
                "eyJ.",
                "eyJ-_",
                "secret=",
                "secret=\"",
                "=",
                ":\"",
                "ghp_",
                "github_pat_a",
                "tel 1",
                "\u00e9@",
                "\ud83d\ude00@"
            })
    void tenMegabytesOfBaitAreReadInLinearTime(String bait) {
        String text = bait.repeat(BAIT_CHARACTERS / bait.length());
        Assertions.assertTimeout(
                Duration.ofSeconds(30),
                () -> assertThat(annotate(text).value(6)).isBetween(0.0, 1.0));
    }
}
