package io.peregrine.cli;

import io.peregrine.data.seed.SeedStream;
import java.util.List;

/** Pages of sentences from a small vocabulary: English enough for the quality rules, and no two alike. */
final class MadeUpProse {
    private static final List<String> WORDS = List.of(
            "the",
            "river",
            "of",
            "and",
            "that",
            "with",
            "have",
            "mountain",
            "people",
            "to",
            "be",
            "garden",
            "winter",
            "letter",
            "morning",
            "window",
            "village",
            "slowly",
            "carried",
            "remembered",
            "water",
            "bread",
            "music",
            "children",
            "between",
            "evening",
            "silver",
            "market",
            "teacher",
            "stone",
            "quiet",
            "yellow",
            "road",
            "harbour",
            "forest",
            "candle",
            "story",
            "answer",
            "weather",
            "friend");

    static String pages(int count) {
        StringBuilder lines = new StringBuilder();
        for (int page = 0; page < count; page++) {
            SeedStream words = SeedStream.of(page);
            lines.append("{\"text\": \"");
            for (int i = 0; i < 150 + words.nextInt(200); i++) {
                lines.append(i == 0 ? "" : " ").append(WORDS.get(words.nextInt(WORDS.size())));
                lines.append(i % 12 == 11 ? "." : "").append(i % 60 == 59 ? "\\n\\n" : "");
            }
            lines.append(".\"}\n");
        }
        return lines.toString();
    }
}
