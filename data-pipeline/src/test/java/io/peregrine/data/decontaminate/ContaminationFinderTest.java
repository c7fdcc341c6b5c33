package io.peregrine.data.decontaminate;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.dedup.SimplifiedText;
import io.peregrine.data.testing.ForAll.Gen;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContaminationFinderTest {
    private static final int WORDS = 5000;

    private static DecontaminateConfig config(int ngramWords, int shortWordsMin) {
        return new DecontaminateConfig(
                List.of(), ngramWords, shortWordsMin, 1, 0, DecontaminateConfig.Action.MASK, "[cut]", 0.5, 0, 10_000);
    }

    private static EvaluationIndex index(DecontaminateConfig config, EvaluationItem... items) {
        EvaluationIndex.Builder builder = new EvaluationIndex.Builder(config);
        for (EvaluationItem item : items) {
            builder.add(item);
        }
        return builder.build();
    }

    private static EvaluationItem item(String set, String id, String... texts) {
        return new EvaluationItem(set, id, List.of(texts));
    }

    private static Contamination find(EvaluationIndex index, String text) {
        return new ContaminationFinder(index, Set.of(), 0).find(text);
    }

    private static List<String> words(Gen gen, String prefix, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(prefix + Integer.toString(gen.random().nextInt(WORDS), 26).replaceAll("[0-9]", "w"));
        }
        return words;
    }

    /** The same words as another hand would have typed them: case, punctuation, numbers and white space differ. */
    private static String retyped(Gen gen, List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            boolean number = word.equals("17");
            String form = number
                    ? Integer.toString(gen.between(0, 99_999))
                    : switch (gen.random().nextInt(4)) {
                        case 0 -> word.toUpperCase(Locale.ROOT);
                        case 1 -> "\u201c" + word + "\u201d,";
                        case 2 -> "(" + word + ")...";
                        default -> word;
                    };
            text.append(form).append(gen.random().nextInt(5) == 0 ? "\n\t" : " ");
        }
        return text.toString();
    }

    @Test
    void everyPlantedRunIsFoundHoweverItIsTyped() {
        int[] found = new int[2];
        forAll(500, gen -> {
            List<String> item = words(gen, "e", gen.between(13, 60));
            item.set(gen.random().nextInt(item.size()), "17");
            EvaluationIndex index = index(config(13, 8), item("set", "1", String.join(" ", item)));
            int from = gen.between(0, item.size() - 13);
            List<String> planted = item.subList(from, from + 13);
            String before = retyped(gen, words(gen, "t", gen.between(0, 200)));
            String after = retyped(gen, words(gen, "t", gen.between(0, 200)));
            Contamination contamination = find(index, before + retyped(gen, planted) + after);
            found[0] += contamination.shared().size() == 1 ? 1 : 0;
            found[1]++;
            assertThat(find(index, before + after).isEmpty()).isTrue();
        });
        assertThat(found[0])
                .as("recall %d of %d planted runs of 13 words", found[0], found[1])
                .isEqualTo(found[1]);
    }

    @Test
    void oneWordLessIsNoRun() {
        String item = "a b c d e f g h i j k l m n";
        EvaluationIndex index = index(config(13, 8), item("set", "1", item));
        assertThat(find(index, "x a b c d e f g h i j k l y").isEmpty()).isTrue();
        Contamination one = find(index, "x A, b c d e f g h i j k l m y z");
        assertThat(one.shared()).hasSize(1);
        assertThat(one.wordsShared()).isEqualTo(13);
        assertThat(one.documentShare()).isEqualTo(13 / 16.0);
        assertThat(one.items())
                .containsExactly(new Contamination.SharedItem("set", "1", "a b c d e f g h i j k l m", 1, 0.5, true));
        assertThat(find(index, item).worst().itemShare()).isEqualTo(1);
        assertThat(find(index, item).wordsShared()).isEqualTo(14);
    }

    @Test
    void shortTextsAreFoundWholeIfTheyAreLongEnough() {
        EvaluationIndex index = index(
                config(13, 4), item("set", "four", "one two three four"), item("set", "three", "five six seven", "x"));
        assertThat(find(index, "say One, two, three: four!").worst().item()).isEqualTo("four");
        assertThat(find(index, "say one two three").isEmpty()).isTrue();
        assertThat(find(index, "five six seven").isEmpty()).isTrue();
        assertThat(index.facts()).containsEntry("set", new EvaluationIndex.SetFacts(2, 1, 2));
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void runsOfNumbersAndOfFewWordsProveNothing() {
        DecontaminateConfig d = config(4, 4);
        DecontaminateConfig three = new DecontaminateConfig(
                List.of(), 4, 4, 3, 0, d.action(), d.maskText(), d.maskShareMax(), 0, d.ngramsMax());
        EvaluationIndex index = index(
                three,
                item("set", "1", "one 1 two 2 3 4 5 six"),
                item("set", "2", "a b c a"),
                item("set", "3", "a b a b"));
        assertThat(index.size()).isEqualTo(1);
        assertThat(find(index, "a, b, c, a").worst().item()).isEqualTo("2");
        assertThat(index.facts().get("set")).isEqualTo(new EvaluationIndex.SetFacts(3, 2, 0));
    }

    @Test
    void aRunNamesTheFirstItemsThatShareIt() {
        EvaluationItem[] items = new EvaluationItem[EvaluationIndex.ITEMS_PER_RUN_MAX + 4];
        for (int i = 0; i < items.length; i++) {
            items[i] = item(i < 2 ? "a" : "b", "" + i, "one two three", "one two three");
        }
        Contamination contamination = find(index(config(3, 3), items), "one two three");
        assertThat(contamination.items()).hasSize(EvaluationIndex.ITEMS_PER_RUN_MAX);
        assertThat(contamination.worst().item()).isEqualTo("0");
        assertThat(contamination.items().get(2).set()).isEqualTo("b");
    }

    @Test
    void exemptRunsDoNotCount() {
        EvaluationIndex index = index(config(3, 3), item("set", "1", "one two three four"));
        Contamination all = find(index, "one two three four");
        assertThat(all.shared()).hasSize(2);
        Set<Long> exempt = Set.of(all.shared().get(0).run());
        Contamination rest = new ContaminationFinder(index, exempt, 0).find("one two three four");
        assertThat(rest.shared()).containsExactly(all.shared().get(1));
    }

    @Test
    void anItemCountsFromItsShareOn() {
        EvaluationIndex index =
                index(config(3, 3), item("set", "long", "a b c d e f g"), item("set", "short", "x y z"));
        ContaminationFinder finder = new ContaminationFinder(index, Set.of(), 0.4);
        Contamination less = finder.find("a b c and one");
        assertThat(less.isEmpty()).isTrue();
        assertThat(less.wordsShared()).isZero();
        assertThat(less.items()).containsExactly(new Contamination.SharedItem("set", "long", "a b c", 1, 0.2, false));
        Contamination equal = finder.find("a b c d and one");
        assertThat(equal.items()).containsExactly(new Contamination.SharedItem("set", "long", "a b c", 2, 0.4, true));
        assertThat(equal.wordsShared()).isEqualTo(4);
        Contamination both = finder.find("a b c and x y z");
        assertThat(both.items()).extracting(Contamination.SharedItem::counts).containsExactly(false, true);
        assertThat(both.worst().item()).isEqualTo("short");
        assertThat(both.shared()).extracting(Contamination.Shared::word).containsExactly(4);
        assertThat(both.wordsShared()).isEqualTo(3);
    }

    /** A run of two items is shared if either counts; an exempt one is no part of what a share is taken of. */
    @Test
    void theShareIsThatOfTheRunsThatCanCount() {
        EvaluationIndex index = index(config(3, 3), item("set", "1", "a b c d e f g"), item("set", "2", "a b c d"));
        Contamination both = new ContaminationFinder(index, Set.of(), 0.5).find("a b c");
        assertThat(both.items()).extracting(Contamination.SharedItem::itemShare).containsExactly(0.2, 0.5);
        assertThat(both.shared()).hasSize(1);
        Set<Long> exempt = Set.of(both.shared().get(0).run());
        Contamination rest = new ContaminationFinder(index, exempt, 0.5).find("a b c d e");
        assertThat(rest.items()).extracting(Contamination.SharedItem::itemShare).containsExactly(0.5, 1.0);
        assertThat(rest.wordsShared()).isEqualTo(4);
    }

    /** Sums that differ in their numbers and what is counted: one run of 46, by default not enough; three are. */
    @Test
    void aPhraseOfWordProblemsIsNoCopyOfOne() {
        String phrase = "If each of the boxes holds 12 pens how many pens are there in";
        String rest =
                "all of them when Jo who has 3 sisters gives 2 boxes to each sister and then buys 5 more on the way"
                        + " home from school while her brother looks for 4 pens that he lost on Monday in the garden of an old"
                        + " house by the sea";
        EvaluationIndex index = index(DecontaminateConfig.DEFAULTS, item("gsm8k", "1", phrase + " " + rest));
        ContaminationFinder finder =
                new ContaminationFinder(index, Set.of(), DecontaminateConfig.DEFAULTS.itemShareMin());
        String other = phrase.replace("12", "7").replace(" in", "") + " on 30 shelves?";
        assertThat(finder.find(other).items()).hasSize(1);
        assertThat(finder.find(other).isEmpty()).isTrue();
        assertThat(finder.find(phrase.replace("12", "7") + " all of them?").isEmpty())
                .isFalse();
    }

    @Test
    void theIndexSaysWhatSearchingSays() {
        forAll(200, gen -> {
            List<String> texts = new ArrayList<>();
            List<EvaluationItem> items = new ArrayList<>();
            for (int i = gen.between(1, 5); i > 0; i--) {
                texts.add(letters(gen, gen.between(2, 12)));
                items.add(item("set", "" + i, texts.get(texts.size() - 1)));
            }
            String document = letters(gen, gen.size());
            Contamination contamination = find(index(config(3, 2), items.toArray(EvaluationItem[]::new)), document);
            String spaced = " " + document + " ";
            boolean expected = texts.stream().anyMatch(text -> {
                String[] words = text.split(" ", -1);
                for (int i = 0; i + Math.min(3, words.length) <= words.length; i++) {
                    List<String> run = List.of(words).subList(i, i + Math.min(3, words.length));
                    if (spaced.contains(" " + String.join(" ", run) + " ")) {
                        return true;
                    }
                }
                return false;
            });
            assertThat(!contamination.isEmpty()).isEqualTo(expected);
        });
    }

    private static String letters(Gen gen, int count) {
        List<String> letters = new ArrayList<>(Collections.nCopies(count, ""));
        letters.replaceAll(none -> "" + (char) ('a' + gen.random().nextInt(3)));
        return String.join(" ", letters);
    }

    @Test
    void tooManyRunsAreRefused() {
        EvaluationIndex.Builder builder = new EvaluationIndex.Builder(config(2, 2));
        String text = "a ".repeat(10_001);
        builder.add(item("set", "1", text));
        assertThatThrownBy(() -> builder.add(item("set", "2", "a b")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "ngrams-max = 10000: the evaluation sets have more runs of words; raise it or take sets out");
    }

    @Test
    void sharedWordsAreCutOutOfTheTextAsItWasWritten() {
        DecontaminateConfig config = config(3, 3);
        EvaluationIndex index =
                index(config, item("set", "1", "one two three four"), item("set", "2", "\u4e00\u4e8c\u4e09"));
        String text =
                "Keep this. (One) TWO,\nthree; four!  And this: \u65e5\u4e00\u4e8c\u4e09\u6708 end, all of it stays.";
        Decontaminated masked = Decontaminated.of(config, text, find(index, text));
        assertThat(masked.maskedText()).contains("Keep this. [cut]  And this: \u65e5[cut]\u6708 end, all of it stays.");
        String most = "one two three four five";
        assertThat(Decontaminated.of(config, most, find(index, most)).maskedText())
                .isEmpty();
    }

    @Test
    void everyWordOfTheSimplifiedTextHasItsPlace() {
        forAll(1000, gen -> {
            String text = gen.text() + " \u4e00\u3042\u3099\u200d\u0e01\u0e34 3.14.15 don't " + gen.text();
            List<String> expected = new ArrayList<>();
            Words words = new Words(SimplifiedText.of(text));
            while (words.next()) {
                expected.add("");
            }
            Spans places = MaskedText.places(text);
            assertThat(places.size()).isEqualTo(expected.size());
        });
    }

    @Test
    void tenMegabytesOfHitsAreReadInLinearTime() {
        EvaluationIndex index = index(config(13, 8), item("set", "1", "a ".repeat(100)));
        Contamination contamination = find(index, "a ".repeat(2_000_000));
        assertThat(contamination.documentShare()).isEqualTo(1);
        assertThat(contamination.items()).hasSize(1);
        assertThat(find(index, "a".repeat(10_000_000)).isEmpty()).isTrue();
    }
}
