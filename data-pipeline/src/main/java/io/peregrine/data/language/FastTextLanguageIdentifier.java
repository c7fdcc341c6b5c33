package io.peregrine.data.language;

import java.util.List;

/**
 * Identifies languages by a fastText model such as lid.176 or GlotLID; labels {@code __label__en} and {@code
 * __label__eng_Latn} are both {@code en}.
 *
 * <p>The confidence is the model's probability. A sample length above that of the longest text gives the scores that other
 * pipelines compute from whole texts. One per thread; the model is shared.
 */
public final class FastTextLanguageIdentifier implements LanguageIdentifier {
    private static final String LABEL = "__label__";

    private final FastTextModel model;
    private final int sampleCharacters;
    private final LetterCount letters = new LetterCount();

    /**
     * An identifier of one thread.
     *
     * @param sampleCharacters most UTF-16 units to look at
     */
    public FastTextLanguageIdentifier(FastTextModel model, int sampleCharacters) {
        this.model = model;
        this.sampleCharacters = sampleCharacters;
    }

    @Override
    public Identification identify(String text) {
        String sample = TextSample.of(text, sampleCharacters);
        letters.count(sample.toCharArray(), sample.length());
        List<FastTextModel.Prediction> best = letters.total() == 0 ? List.of() : model.predict(sample, 1);
        if (best.isEmpty()) {
            return Identification.UNDETERMINED;
        }
        String label = best.get(0).label();
        String language = LanguageCodes.bcp47(label.startsWith(LABEL) ? label.substring(LABEL.length()) : label);
        return new Identification(
                language, Math.min(1, best.get(0).probability()), letters.share(LanguageCodes.scripts(language)));
    }
}
