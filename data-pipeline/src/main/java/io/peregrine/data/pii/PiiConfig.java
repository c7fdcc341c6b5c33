package io.peregrine.data.pii;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.List;

/** Settings of the family pii: what is done with each kind. */
public record PiiConfig(
        @Key(doc = "keys, tokens and private key blocks") Handling key,
        @Key(doc = "e-mail addresses") Handling email,
        @Key(doc = "international bank account numbers") Handling iban,
        @Key(doc = "payment card numbers") Handling card,
        @Key(doc = "public IPv4 and IPv6 addresses") Handling ip,
        @Key(doc = "telephone numbers") Handling phone,

        @Key(
                unit = "bits per character",
                doc = "least entropy of a quoted value that a program assigns to a secret's name")
        double keyEntropyMin)
        implements Serializable {
    public static final PiiConfig DEFAULTS = new PiiConfig(
            masked("<KEY>"),
            masked("<EMAIL>"),
            masked("<IBAN>"),
            masked("<CARD>"),
            masked("<IP>"),
            masked("<PHONE>"),
            AssignmentDetector.ENTROPY_MIN);

    /**
     * What datatrove's formatter does: addresses of mail and of machines only, each replaced by the next of a few made-up
     * ones. Its cycles go on from document to document, so its texts depend on the order of files; here they begin anew
     * with every document. The replacements are from the ranges reserved for documentation (RFC 2606, RFC 5737).
     */
    public static final PiiConfig DATATROVE = new PiiConfig(
            off(),
            new Handling(Mode.MASK, List.of("email@example.com", "firstname.lastname@example.org")),
            off(),
            off(),
            new Handling(
                    Mode.MASK,
                    List.of(
                            "192.0.2.17",
                            "192.0.2.94",
                            "198.51.100.23",
                            "198.51.100.201",
                            "203.0.113.8",
                            "203.0.113.150")),
            off(),
            AssignmentDetector.ENTROPY_MIN);

    /** What happens to a kind. */
    public enum Mode {
        /** It is not looked for; its count is NaN. */
        OFF,
        /** It is counted, and stays in the text. */
        COUNT,
        /** It is counted and replaced. */
        MASK
    }

    /** What is done with one kind. */
    public record Handling(
            @Key(doc = "off, count or mask") Mode mode,

            @Key(
                    doc =
                            "what stands in its place; of several, each occurrence of a document takes the next, in a circle")
            List<String> replacements)
            implements Serializable {
        public Handling {
            replacements = List.copyOf(replacements);
            if (mode == Mode.MASK && replacements.isEmpty()) {
                throw new ConfigException("replacements", replacements, "must have one text where mode is mask");
            }
        }
    }

    public PiiConfig {
        if (!(keyEntropyMin >= 0 && keyEntropyMin <= 7)) {
            throw new ConfigException("key-entropy-min", keyEntropyMin, "must be 0 to 7 bits per character");
        }
    }

    private static Handling masked(String placeholder) {
        return new Handling(Mode.MASK, List.of(placeholder));
    }

    private static Handling off() {
        return new Handling(Mode.OFF, List.of());
    }

    Handling of(PiiKind kind) {
        return switch (kind) {
            case KEY -> key;
            case EMAIL -> email;
            case IBAN -> iban;
            case CARD -> card;
            case IP -> ip;
            case PHONE -> phone;
        };
    }
}
