package io.peregrine.data.code.licence;

import io.peregrine.data.Document;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.List;
import java.util.Optional;

/**
 * Finds the licence of one source file and holds it against the wanted ones.
 *
 * <p>What the file itself says goes before what the document came with (that of its repository or source). The document
 * leaves with the licence found. Files that lie beside this one are not seen here: {@link RepositoryLicences} sees them.
 */
public final class LicenceAnnotator implements Annotator {
    private static final List<Signal> SIGNALS = List.of(
            new Signal(
                    "licence_unknown", "0 or 1", "whether neither the file nor its repository says a licence in SPDX"),
            new Signal(
                    "licence_denied", "0 or 1", "whether the licence leaves no wanted choice; not measured if unknown"),
            new Signal("licence_in_header", "0 or 1", "whether the file itself says its licence"));

    private static final Rule DENIED = dropped("licence_denied");
    private static final Rule UNKNOWN = dropped("licence_unknown");

    private final LicenceConfig config;
    private final LicenceFinder finder = new LicenceFinder();

    public LicenceAnnotator(LicenceConfig config) {
        this.config = config;
    }

    /** Denied licences are dropped, and unknown ones where the settings say so. */
    public static List<Rule> rules(LicenceConfig config) {
        return config.unknown() == LicenceConfig.Unknown.DROP ? List.of(UNKNOWN, DENIED) : List.of(DENIED);
    }

    private static Rule dropped(String signal) {
        return new Rule(signal, "licence", signal, Optional.empty(), Optional.of(0.0));
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        Optional<CodeLanguage> language = CodeLanguages.of(document.location(), document.text())
                .or(() -> CodeLanguages.named(document.language()));
        Optional<String> header = LicenceFinder.isLicenceFile(document.location())
                ? finder.ofLicenceFile(document.text())
                : finder.ofHeader(document.text(), language);
        Document licensed = header.map(document::withLicence).orElse(document);
        Optional<SpdxExpression> expression = SpdxExpression.parse(licensed.licence());
        double denied =
                expression.map(known -> config.denies(known) ? 1.0 : 0.0).orElse(Double.NaN);
        return new Annotation(licensed, expression.isPresent() ? 0 : 1, denied, header.isPresent() ? 1 : 0);
    }
}
