package io.peregrine.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    enum Kind {
        PLAIN,
        FANCY
    }

    record Limit(
            @Key(unit = "words", doc = "shortest document kept")
            int wordsMin) {
        static final Limit DEFAULTS = new Limit(50);
    }

    record Section(
            @Key(doc = "which") Kind kind,
            @Key(doc = "share of each") Map<String, Double> weights,
            Limit limit,
            @Key(doc = "where from") List<Limit> more,
            @Key(unit = "tokens", doc = "how many") Optional<Long> tokens) {
        static final Section DEFAULTS =
                new Section(Kind.FANCY, Map.of("web", 0.50), new Limit(7), List.of(), Optional.empty());
    }

    @Test
    void everyKeyHasItsRow() {
        assertThat(KeyTable.of("filter", Section.class))
                .containsExactly(
                        new KeyTable.Row("filter.kind", "plain, fancy", "fancy", "which"),
                        new KeyTable.Row("filter.weights", "", "{web: 0.5}", "share of each"),
                        new KeyTable.Row("filter.limit.words-min", "words", "7", "shortest document kept"),
                        new KeyTable.Row("filter.more", "list", "", "where from"),
                        new KeyTable.Row("filter.more[].words-min", "words", "50", "shortest document kept"),
                        new KeyTable.Row("filter.tokens", "tokens", "none", "how many"));
    }

    @Test
    void aTableIsMarkdown() {
        assertThat(KeyTable.markdown(KeyTable.of("x", Limit.class))).isEqualTo("""
                        | key | unit | default | what it is |
                        | --- | --- | --- | --- |
                        | `x.words-min` | words | `50` | shortest document kept |
                        """);
    }
}
