package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningCountsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "One  Two, three\tfour five six seven eight nine | one two , three four five six seven",
                "Short                                           | short",
                "'  '                                            | ''",
            })
    void anOpeningIsEightWords(String answer, String opening) {
        assertThat(OpeningCounts.opening(answer)).isEqualTo(opening);
    }

    @Test
    void theMostCommonOpeningHasAShare() {
        OpeningCounts counts = Stream.of("In this text", "in  THIS text", "Other", "In this text")
                .map(answer -> OpeningCounts.of("qa", answer))
                .reduce(OpeningCounts.NONE, OpeningCounts::plus);
        OpeningCounts.Top top = counts.top("qa").orElseThrow();
        assertThat(top).isEqualTo(new OpeningCounts.Top("in this text", 3, 4));
        assertThat(top.share()).isEqualTo(0.75);
        assertThat(counts.top("notes")).isEmpty();
    }

    @Test
    void countsAddUpInAnyOrderAndGrouping() {
        ForAll.forAll(60, gen -> {
            List<OpeningCounts> parts = IntStream.range(0, gen.size())
                    .mapToObj(i -> OpeningCounts.of("s" + gen.between(0, 2), "w" + gen.between(0, 4)))
                    .collect(Collectors.toList());
            OpeningCounts left = parts.stream().reduce(OpeningCounts.NONE, OpeningCounts::plus);
            Collections.reverse(parts);
            int cut = gen.between(0, parts.size());
            OpeningCounts one = parts.subList(0, cut).stream().reduce(OpeningCounts.NONE, OpeningCounts::plus);
            OpeningCounts two =
                    parts.subList(cut, parts.size()).stream().reduce(OpeningCounts.NONE, OpeningCounts::plus);
            assertThat(one.plus(two)).isEqualTo(left);
            long answers = left.byStyle().values().stream()
                    .map(Map::values)
                    .flatMap(counts -> counts.stream())
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(answers).isEqualTo(parts.size());
        });
    }
}
