package io.peregrine.data.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadDigestTest {
    @Test
    void bordersBetweenValuesCount() {
        assertThat(new PayloadDigest().add("ab").add("c").hex())
                .isNotEqualTo(new PayloadDigest().add("a").add("bc").hex());
        assertThat(new PayloadDigest().add("").hex())
                .isNotEqualTo(new PayloadDigest().addNull().hex());
        assertThat(new PayloadDigest().list(1).add(1).add(2).hex())
                .isNotEqualTo(new PayloadDigest().list(2).add(1).add(2).hex());
    }

    @Test
    void anEmptySetHasTheHashOfNothing() {
        assertThat(PayloadDigest.merkleRoot(List.of()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void theRootDependsOnEveryLeafAndOnTheirOrder() {
        byte[] a = new PayloadDigest().add(1).digest();
        byte[] b = new PayloadDigest().add(2).digest();
        byte[] c = new PayloadDigest().add(3).digest();
        String root = PayloadDigest.merkleRoot(List.of(a, b, c));
        assertThat(PayloadDigest.merkleRoot(List.of(a, c, b))).isNotEqualTo(root);
        assertThat(PayloadDigest.merkleRoot(List.of(a, b))).isNotEqualTo(root);
        assertThat(PayloadDigest.merkleRootOfSet(List.of(a, b, c)))
                .isEqualTo(PayloadDigest.merkleRootOfSet(List.of(c, b, a)));
    }

    @Test
    void aNodeCannotPassForALeaf() {
        byte[] a = new PayloadDigest().add(1).digest();
        byte[] b = new PayloadDigest().add(2).digest();
        byte[] inner = java.util.HexFormat.of().parseHex(PayloadDigest.merkleRoot(List.of(a, b)));
        assertThat(PayloadDigest.merkleRoot(List.of(inner))).isNotEqualTo(PayloadDigest.merkleRoot(List.of(a, b)));
    }

    @Test
    void aFileIsItsBytes(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[200_001];
        Arrays.fill(bytes, (byte) 7);
        Path file = Files.write(folder.resolve("file"), bytes);
        assertThat(new PayloadDigest().add(file).hex())
                .isEqualTo(new PayloadDigest().add(bytes).hex());
    }
}
