package io.peregrine.data.bench;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Made-up pages that look like English to a tokenizer: frequent words as often as in prose, a long tail of rare ones,
 * contractions, numbers, abbreviations, quotation marks, hyphens, and paragraphs of one line each. Equal seeds give equal
 * pages.
 */
public final class EnglishProse {
    private static final String[] FREQUENT = ("the of and a to in is that it was for on with as be by at from have or"
                    + " had not but what all were when we there can an your which their said if do will each about how up"
                    + " out them then she many some so these would other into has more her two like him see time could no"
                    + " make than first been its who now people my made over did down only way find use may water long"
                    + " little very after words called just where most know")
            .split(" ");

    private static final String[] SPECIAL = {
        "don't",
        "it's",
        "we'll",
        "they've",
        "U.S.",
        "e.g.",
        "Dr.",
        "p.m.",
        "well-known",
        "low-cost",
        "1,250",
        "3.5",
        "$40",
        "20%",
        "12km",
        "(see",
        "above)",
        "\u201cnever\u201d",
        "\"maybe\"",
        "\u2014",
        "https://example.org/a/b?c=1",
        "and/or",
        "2019",
        "team's",
        "...",
        "A/B",
        "10:30",
        "&"
    };

    private static final String[] SYLLABLES =
            "ka ter min ol per su ra den til mo ver an is con ple ri fa lo ment er ing tion al en ta".split(" ");

    private static final int RARE = 8_000;
    private static final double FREQUENT_SHARE = 0.5;
    private static final double SPECIAL_SHARE = 0.04;
    private static final double COMMA_SHARE = 0.06;

    private final SeedStream random;
    private final List<String> rare = new ArrayList<>();

    public EnglishProse(long seed) {
        random = SeedStream.of(seed);
        for (int i = 0; i < RARE; i++) {
            StringBuilder word = new StringBuilder();
            for (int left = 2 + random.nextInt(3); left > 0; left--) {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            rare.add(word.toString());
        }
    }

    /** The next page, of at least so many characters and at most a paragraph more. */
    public String page(int characters) {
        StringBuilder text = new StringBuilder();
        while (text.length() < characters) {
            text.append(text.length() == 0 ? "" : "\n");
            for (int sentences = 2 + random.nextInt(5); sentences > 0; sentences--) {
                sentence(text);
                text.append(sentences == 1 ? "" : " ");
            }
        }
        return text.toString();
    }

    private void sentence(StringBuilder text) {
        int words = 6 + random.nextInt(20);
        for (int i = 0; i < words; i++) {
            String word = word();
            text.append(i == 0 ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) : word);
            boolean comma = i < words - 1 && random.nextDouble() < COMMA_SHARE;
            text.append(comma ? ", " : i < words - 1 ? " " : random.nextInt(12) == 0 ? "?" : ".");
        }
    }

    private String word() {
        double kind = random.nextDouble();
        double u = random.nextDouble();
        if (kind < FREQUENT_SHARE) {
            return FREQUENT[(int) (u * u * FREQUENT.length)];
        }
        if (kind < FREQUENT_SHARE + SPECIAL_SHARE) {
            return SPECIAL[(int) (u * SPECIAL.length)];
        }
        return rare.get((int) (u * u * u * RARE));
    }
}
