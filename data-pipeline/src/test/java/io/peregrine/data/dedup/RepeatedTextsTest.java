package io.peregrine.data.dedup;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepeatedTextsTest {
    private static final int WORDS_MIN = 6;

    @Test
    void linesAreNamedByWhatIsLeftOfThemSimplified() {
        RepeatedLines lines = new RepeatedLines(5);
        assertThat(lines.names("Accept all cookies!\naccept  ALL cookies\nshort\n\nno\n"))
                .hasSize(2);
        assertThat(lines.names("no\nyes\n\n")).isEmpty();
    }

    @Test
    void linesGoWithTheirLineFeedsAndTheLastOneEndsAsBefore() {
        RepeatedLines lines = new RepeatedLines(5);
        Set<RepeatedLines.Name> menu = lines.names("Home page and news");
        assertThat(lines.without("HOME page, and news\nfirst text\nHome page and news", menu))
                .isEqualTo(new RepeatedLines.Rest("first text", 2, 39));
        assertThat(lines.without("first text\nHome page and news\n", menu).text())
                .isEqualTo("first text\n");
        assertThat(lines.without("nothing of that kind\n", menu))
                .isEqualTo(new RepeatedLines.Rest("nothing of that kind\n", 0, 0));
        assertThat(lines.samples("x\nHome PAGE and news\nHome page and news", menu))
                .extracting(RepeatedLines.Sample::line)
                .containsExactly("Home PAGE and news");
    }

    @Test
    void aCutPassageTakesTheWhiteSpaceAfterIt() {
        RepeatedSpans spans = new RepeatedSpans(2);
        assertThat(spans.without("one  two\nthree four", new int[] {1}))
                .isEqualTo(new RepeatedSpans.Rest("one  four", 2));
        assertThat(spans.without("one two three", new int[] {1})).isEqualTo(new RepeatedSpans.Rest("one", 2));
        assertThat(spans.without("one two three", new int[] {0, 1})).isEqualTo(new RepeatedSpans.Rest("", 3));
        assertThat(spans.without("one two", new int[0])).isEqualTo(new RepeatedSpans.Rest("one two", 0));
    }

    /** The two passes against a suffix array of all words: each position whose longest earlier match is long enough. */
    @Test
    void whatIsCutIsWhatASuffixArrayFinds() {
        forAll(400, gen -> {
            List<String> texts = new ArrayList<>();
            for (int i = gen.between(1, 5); i > 0; i--) {
                StringBuilder text = new StringBuilder();
                for (int word = gen.between(0, gen.size()); word > 0; word--) {
                    text.append("abc".charAt(gen.between(0, gen.between(0, 2)))).append(' ');
                }
                texts.add(text.toString());
            }
            assertThat(twoPasses(texts)).isEqualTo(bySuffixArray(texts));
        });
    }

    private static List<Integer> cutWords(List<String> texts, List<Set<Integer>> starts) {
        List<Integer> cut = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] windows = starts.get(i).stream().mapToInt(Integer::intValue).toArray();
            cut.add(new RepeatedSpans(WORDS_MIN).without(texts.get(i), windows).words());
        }
        return cut;
    }

    private static List<Integer> twoPasses(List<String> texts) {
        RepeatedSpans spans = new RepeatedSpans(WORDS_MIN);
        Map<Long, Integer> counts = new HashMap<>();
        texts.forEach(text -> spans.seeds(text, (hash, position) -> counts.merge(hash, 1, Integer::sum)));
        Set<List<Long>> seen = new HashSet<>();
        List<Set<Integer>> cut = new ArrayList<>();
        for (String text : texts) {
            List<Integer> seeds = new ArrayList<>();
            spans.seeds(text, (hash, position) -> {
                if (counts.get(hash) > 1) {
                    seeds.add(position);
                }
            });
            Set<Integer> again = new HashSet<>();
            spans.windows(text, seeds.stream().mapToInt(Integer::intValue).toArray(), (high, low, position) -> {
                if (!seen.add(List.of(high, low))) {
                    again.add(position);
                }
            });
            cut.add(again);
        }
        return cutWords(texts, cut);
    }

    private static List<Integer> bySuffixArray(List<String> texts) {
        List<Integer> words = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String[] split =
                    texts.get(i).isBlank() ? new String[0] : texts.get(i).trim().split(" ");
            for (int j = 0; j < split.length; j++) {
                words.add((int) split[j].charAt(0));
                places.add(new int[] {i, j});
            }
            words.add(1_000 + i); // ends no two texts alike
            places.add(new int[] {i, split.length});
        }
        int[] array = suffixArray(words);
        List<Set<Integer>> cut = new ArrayList<>();
        texts.forEach(text -> cut.add(new HashSet<>()));
        // Suffixes that begin alike stand side by side; in each group all but the one that comes first are cut.
        for (int from = 0; from < array.length; ) {
            int to = from + 1;
            while (to < array.length && common(words, array[to - 1], array[to]) >= WORDS_MIN) {
                to++;
            }
            int first = Arrays.stream(array, from, to).min().orElseThrow();
            for (int i = from; i < to && to - from > 1; i++) {
                if (array[i] != first) {
                    cut.get(places.get(array[i])[0]).add(places.get(array[i])[1]);
                }
            }
            from = to;
        }
        return cutWords(texts, cut);
    }

    private static int common(List<Integer> words, int a, int b) {
        int length = 0;
        while (Math.max(a, b) + length < words.size() && words.get(a + length).equals(words.get(b + length))) {
            length++;
        }
        return length;
    }

    /** Prefix doubling (Manber and Myers 1993). */
    private static int[] suffixArray(List<Integer> words) {
        int n = words.size();
        Integer[] order = new Integer[n];
        long[] rank = new long[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
            rank[i] = words.get(i);
        }
        for (int length = 1; length < 2 * n; length *= 2) {
            long[] key = new long[n];
            for (int i = 0; i < n; i++) {
                key[i] = rank[i] << 32 | (i + length < n ? rank[i + length] + 1 : 0);
            }
            Arrays.sort(order, (a, b) -> Long.compare(key[a], key[b]));
            for (int i = 0; i < n; i++) {
                rank[order[i]] = i > 0 && key[order[i]] == key[order[i - 1]] ? rank[order[i - 1]] : i;
            }
        }
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
