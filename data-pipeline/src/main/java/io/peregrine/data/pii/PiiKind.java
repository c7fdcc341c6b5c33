package io.peregrine.data.pii;

import java.util.Locale;
import java.util.function.Function;

/** What is looked for; where two kinds claim the same characters, the first here has them. */
enum PiiKind {
    KEY("keys, tokens and private key blocks", config -> new KeyDetector(config.keyEntropyMin())),
    EMAIL("e-mail addresses", config -> new EmailDetector()),
    IBAN("international bank account numbers", config -> new IbanDetector()),
    CARD("payment card numbers", config -> new CardDetector()),
    IP("public IP addresses", config -> new IpDetector()),
    PHONE("telephone numbers", config -> new PhoneDetector());

    private final String plural;
    private final Function<PiiConfig, Detector> detector;

    PiiKind(String plural, Function<PiiConfig, Detector> detector) {
        this.plural = plural;
        this.detector = detector;
    }

    String plural() {
        return plural;
    }

    Detector detector(PiiConfig config) {
        return detector.apply(config);
    }

    /** Name of the signal that counts it. */
    String signal() {
        return "pii_" + name().toLowerCase(Locale.ROOT) + "_count";
    }
}
