package io.peregrine.data.pii;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts personal data and secrets, and replaces what the settings say is to be masked. */
public final class PiiAnnotator implements Annotator {
    /** Keeps everything until a run sets a limit: masking is what this family does. */
    public static final List<Rule> RULES =
            List.of(new Rule("pii_density", "pii", "pii_density", Optional.empty(), Optional.of(1.0)));

    private static final PiiKind[] KINDS = PiiKind.values();
    private static final List<Signal> SIGNALS = Stream.concat(
                    Stream.of(KINDS)
                            .map(kind -> new Signal(kind.signal(), "occurrences", kind.plural() + " in the text")),
                    Stream.of(new Signal(
                            "pii_density", "0..1", "code points of all that was found, over those of the text before")))
            .toList();

    private final List<PiiConfig.Handling> handling = new ArrayList<>();
    private final List<Detector> detectors = new ArrayList<>();
    private final Spans found = new Spans();
    private final Claims claims = new Claims();

    public PiiAnnotator(PiiConfig config) {
        for (PiiKind kind : KINDS) {
            handling.add(config.of(kind));
            detectors.add(kind.detector(config));
        }
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        String text = document.text();
        double[] values = new double[SIGNALS.size()];
        claims.clear();
        for (int kind = 0; kind < KINDS.length; kind++) {
            if (handling.get(kind).mode() == PiiConfig.Mode.OFF) {
                values[kind] = Double.NaN;
            } else {
                found.clear();
                detectors.get(kind).find(text, found);
                claims.add(found, kind);
            }
        }
        long characters = 0;
        boolean masked = false;
        for (int i = 0; i < claims.size(); i++) {
            values[claims.owner(i)]++;
            characters += text.codePointCount(claims.start(i), claims.end(i));
            masked |= handling.get(claims.owner(i)).mode() == PiiConfig.Mode.MASK;
        }
        values[KINDS.length] = text.isEmpty() ? Double.NaN : (double) characters / CodePoints.count(text);
        return new Annotation(masked ? document.withText(masked(text)) : document, values);
    }

    private String masked(String text) {
        int[] next = new int[KINDS.length];
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (int i = 0; i < claims.size(); i++) {
            int kind = claims.owner(i);
            if (handling.get(kind).mode() == PiiConfig.Mode.MASK) {
                List<String> replacements = handling.get(kind).replacements();
                out.append(text, copied, claims.start(i)).append(replacements.get(next[kind]));
                next[kind] = (next[kind] + 1) % replacements.size();
                copied = claims.end(i);
            }
        }
        return out.append(text, copied, text.length()).toString();
    }
}
