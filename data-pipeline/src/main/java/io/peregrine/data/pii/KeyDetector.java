package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;
import java.util.List;

/** Secrets: private key blocks, tokens of known formats, and values that a program assigns to a name such as api_key. */
final class KeyDetector implements Detector {
    private final List<Detector> parts;
    private final Spans part = new Spans();
    private final Claims claims = new Claims();

    /** @param entropyMin least entropy of an assigned value, in bits per character */
    KeyDetector(double entropyMin) {
        this.parts = List.of(new PrivateKeyDetector(), new TokenDetector(), new AssignmentDetector(entropyMin));
    }

    @Override
    public void find(String text, Spans found) {
        claims.clear();
        for (int i = 0; i < parts.size(); i++) {
            part.clear();
            parts.get(i).find(text, part);
            claims.add(part, i);
        }
        claims.copyTo(found);
    }
}
