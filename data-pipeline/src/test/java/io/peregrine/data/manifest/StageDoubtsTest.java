package io.peregrine.data.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageDoubtsTest {
    private static StageManifest manifest(Stage stage, Map<String, Long> counts) {
        return new StageManifest(stage, "ab", Map.of(), Map.of(), new LinkedHashMap<>(counts), 1, CodeVersion.CURRENT);
    }

    @Test
    void anOrdinaryStageIsNotDoubted() {
        assertThat(StageDoubts.of(manifest(Stage.FILTERS, Map.of("in", 200_000L, "out", 1L))))
                .isEmpty();
        assertThat(StageDoubts.of(manifest(Stage.DEDUP, Map.of("in", 99_999L, "out", 99_999L))))
                .isEmpty();
        assertThat(StageDoubts.of(manifest(Stage.TOKENIZER, Map.of()))).isEmpty();
        assertThat(StageDoubts.of(manifest(Stage.DECONTAMINATE, Map.of("items.a", 3L, "items-uncovered.a", 2L))))
                .isEmpty();
    }

    @Test
    void aStageThatLeavesNothingIs() {
        assertThat(StageDoubts.of(manifest(Stage.FILTERS, Map.of("in", 5L, "out", 0L))))
                .containsExactly("none of 5 documents is left; look at the drops by reason and at 'data report'");
    }

    @Test
    void aRuleThatNeverDropsIs() {
        Map<String, Long> counts = Map.of("in", 200_000L, "out", 9L, "never-dropped.english.url_domain", 120_000L);
        assertThat(StageDoubts.of(manifest(Stage.FILTERS, counts)))
                .containsExactly(
                        "the rule english.url_domain dropped none of 120,000 documents; see that its limit and its"
                                + " list are what you mean, or name it in 'switched-off'");
    }

    @Test
    void aSetOfWhichNothingIsLookedForIs() {
        Map<String, Long> counts = Map.of("in", 5L, "out", 5L, "items.svamp", 3L, "items-uncovered.svamp", 3L);
        assertThat(StageDoubts.of(manifest(Stage.DECONTAMINATE, counts)))
                .containsExactly(
                        "nothing of the evaluation set svamp is looked for, all its 3 items are too short; lower"
                                + " 'short-words-min' or name other fields");
    }

    @Test
    void manyDocumentsWithoutADuplicateAre() {
        assertThat(StageDoubts.of(manifest(Stage.DEDUP, Map.of("in", 100_000L, "out", 100_000L))))
                .containsExactly("none of 100,000 documents has a duplicate; see that its texts are what you mean");
    }

    @Test
    void rewritesThatBeginAlikeAre() {
        Map<String, Long> counts = Map.of("openings.qa.answers", 2_000L, "openings.qa.most-common", 201L);
        assertThat(StageDoubts.of(manifest(Stage.REWRITE, counts)))
                .containsExactly(
                        "201 of 2,000 rewrites of style qa begin with the same words; look at 'rewrite report', and"
                                + " change the template or its temperature");
        assertThat(StageDoubts.of(manifest(
                        Stage.REWRITE, Map.of("openings.qa.answers", 2_000L, "openings.qa.most-common", 200L))))
                .isEmpty();
        assertThat(StageDoubts.of(
                        manifest(Stage.REWRITE, Map.of("openings.qa.answers", 999L, "openings.qa.most-common", 999L))))
                .isEmpty();
    }
}
