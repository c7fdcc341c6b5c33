package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many formulas of a page's source its extract holds, in {@link LatexNormal}'s spelling. Counted with repetition: a
 * formula that stands in the source twice must be found twice.
 *
 * @param pages pages with formulas
 * @param found formulas of the source that the extract has
 * @param expected formulas of the source
 * @param extracted formulas of the extract
 */
record FormulaScore(long pages, long found, long expected, long extracted) {
    static final FormulaScore ZERO = new FormulaScore(0, 0, 0, 0);

    /** The score of one page. */
    static FormulaScore of(String extract, List<String> formulas) {
        List<String> expected = normal(formulas);
        List<String> extracted = normal(LatexFormulas.in(extract));
        long missed = missing(expected, extracted).size();
        return new FormulaScore(
                expected.isEmpty() ? 0 : 1, expected.size() - missed, expected.size(), extracted.size());
    }

    /** Normal forms of the formulas that an extract lacks. */
    static List<String> missed(String extract, List<String> formulas) {
        return missing(normal(formulas), normal(LatexFormulas.in(extract)));
    }

    private static List<String> normal(List<String> formulas) {
        return formulas.stream()
                .map(LatexNormal::of)
                .filter(formula -> !formula.isEmpty())
                .toList();
    }

    private static List<String> missing(List<String> expected, List<String> extracted) {
        Map<String, Integer> there = new HashMap<>();
        extracted.forEach(formula -> there.merge(formula, 1, Integer::sum));
        List<String> missing = new ArrayList<>();
        for (String formula : expected) {
            if (there.merge(formula, -1, Integer::sum) < 0) {
                missing.add(formula);
            }
        }
        return missing;
    }

    FormulaScore plus(FormulaScore other) {
        return new FormulaScore(
                pages + other.pages, found + other.found, expected + other.expected, extracted + other.extracted);
    }

    double recall() {
        return expected == 0 ? 0 : (double) found / expected;
    }
}
