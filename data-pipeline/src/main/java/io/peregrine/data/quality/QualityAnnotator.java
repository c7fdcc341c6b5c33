package io.peregrine.data.quality;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures how probable it is that a document is like the good examples of a model. */
public final class QualityAnnotator implements Annotator {
    /** Keeps everything until a run sets a limit: a score means what the examples of its model mean. */
    public static final List<Rule> RULES =
            List.of(new Rule("quality_low", "quality", "quality_score", Optional.of(0.0), Optional.empty()));

    private static final List<Signal> SIGNALS = List.of(new Signal(
            "quality_score", "0..1", "calibrated probability of the quality model that the document is a good one"));

    private final QualityModel.Scorer scorer;

    public QualityAnnotator(QualityConfig config) {
        this.scorer = QualityModel.read(Path.of(config.required().model())).scorer();
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        return new Annotation(document, scorer.probability(document.text()));
    }
}
