package io.peregrine.data.math;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.List;
import java.util.Optional;

/**
 * Measures mathematics in a document, and writes its formulas in one notation if the settings ask for it.
 *
 * <p>The two limits are OpenWebMath's (arXiv:2310.06786, section 3.2): a page on which LaTeX was found needs less evidence
 * than one without. The scores behind them are not: theirs is a fastText model, ours {@link MathScore}.
 */
public final class MathAnnotator implements Annotator {
    public static final List<Rule> RULES = List.of(
            atLeast("math_low_score_with_latex", "math_score_with_latex", 0.15),
            atLeast("math_low_score_without_latex", "math_score_without_latex", 0.8));

    private static final List<Signal> SIGNALS = List.of(
            new Signal("math_score", "0..1", "how much the document is about mathematics"),
            new Signal("math_score_with_latex", "0..1", "the score of a document with formulas or LaTeX commands"),
            new Signal("math_score_without_latex", "0..1", "the score of a document without any"),
            new Signal("math_formulas", "formulas", "delimited LaTeX formulas"),
            new Signal("math_formula_share", "0..1", "characters inside formulas over visible ones"),
            new Signal("math_commands", "per 100 words", "LaTeX commands of mathematics"),
            new Signal("math_symbols", "per 100 words", "mathematical symbols of Unicode, and Greek letters alone"),
            new Signal("math_vocabulary", "per 100 words", "English words of mathematics"),
            new Signal("math_paragraph_share", "0..1", "paragraphs with a formula, a command or two symbols"));

    private final MathConfig config;

    public MathAnnotator(MathConfig config) {
        this.config = config;
    }

    private static Rule atLeast(String reason, String signal, double min) {
        return new Rule(reason, "math", signal, Optional.of(min), Optional.empty());
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        MathMeasures m = MathMeasures.of(document.text());
        double score = MathScore.of(m);
        boolean latex = m.formulas() > 0 || m.commands() > 0;
        String text = config.normalizeLatex() ? LatexNormalizer.normalize(document.text()) : document.text();
        return new Annotation(
                text.equals(document.text()) ? document : document.withText(text),
                score,
                latex ? score : Double.NaN,
                latex ? Double.NaN : score,
                m.formulas(),
                m.characters() == 0 ? Double.NaN : Math.min(1, (double) m.formulaCharacters() / m.characters()),
                m.perHundredWords(m.commands()),
                m.perHundredWords(m.symbols()),
                m.perHundredWords(m.vocabulary()),
                m.paragraphs() == 0 ? Double.NaN : (double) m.mathParagraphs() / m.paragraphs());
    }
}
