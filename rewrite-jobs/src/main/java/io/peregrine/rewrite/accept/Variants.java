package io.peregrine.rewrite.accept;

import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds variants of one document that are nearly another variant of it, by MinHash; texts shorter than a shingle are held
 * against each other as they are. Digits are all the same to MinHash, so variants that differ in their numbers only are
 * equal. For one thread.
 */
public final class Variants {
    private final MinHash hashes = new MinHash();
    private final double similarityMax;

    /** @param similarityMax 0..1, most Jaccard similarity of the shingles of two variants that stay */
    public Variants(double similarityMax) {
        if (!(similarityMax >= 0 && similarityMax <= 1)) {
            throw new IllegalArgumentException("similarity %s: must be 0 to 1".formatted(similarityMax));
        }
        this.similarityMax = similarityMax;
    }

    /** For each variant nothing if it stays, else what refuses it: a variant before it that stays and is too similar. */
    public List<Optional<Rejection>> judge(List<String> variants) {
        List<Optional<Signature>> signatures =
                variants.stream().map(hashes::signature).toList();
        List<Integer> kept = new ArrayList<>();
        List<Optional<Rejection>> verdicts = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) {
            int own = i;
            double most = kept.stream()
                    .mapToDouble(other -> similarity(variants, signatures, own, other))
                    .max()
                    .orElse(0);
            boolean stays = kept.isEmpty() || most <= similarityMax;
            verdicts.add(
                    stays
                            ? Optional.empty()
                            : Optional.of(new Rejection(RejectReason.NEAR_DUPLICATE, most, similarityMax)));
            if (stays) {
                kept.add(i);
            }
        }
        return Collections.unmodifiableList(verdicts);
    }

    private static double similarity(List<String> texts, List<Optional<Signature>> signatures, int one, int other) {
        Optional<Signature> signature = signatures.get(other);
        return signatures
                .get(one)
                .flatMap(own -> signature.map(own::similarity))
                .orElseGet(() -> texts.get(one).equals(texts.get(other)) ? 1.0 : 0.0);
    }
}
