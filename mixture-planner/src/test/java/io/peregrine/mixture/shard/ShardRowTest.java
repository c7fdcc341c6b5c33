package io.peregrine.mixture.shard;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardRowTest {
    @Test
    void tokensAreUnsignedAndLittleEndian() {
        assertThat(TokenBytes.encode(new int[] {1, 0xABCD}, 2)).containsExactly(1, 0, 0xCD, 0xAB);
        assertThat(TokenBytes.encode(new int[] {0x01020304}, 4)).containsExactly(4, 3, 2, 1);
        assertThat(TokenBytes.decode(new byte[] {-1, -1}, 2)).containsExactly(65_535);
        assertThat(TokenBytes.width(65_536)).isEqualTo(2);
        assertThat(TokenBytes.width(65_537)).isEqualTo(4);
    }

    @Test
    void tokensSurviveTheirBytes() {
        forAll(100, gen -> {
            int width = gen.between(0, 1) == 0 ? 2 : 4;
            int[] ids = new int[gen.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = gen.between(0, width == 2 ? 65_535 : Integer.MAX_VALUE - 1);
            }
            assertThat(TokenBytes.decode(TokenBytes.encode(ids, width), width)).isEqualTo(ids);
        });
    }

    @Test
    void tokensThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> TokenBytes.encode(new int[] {0, 65_536}, 2))
                .isInstanceOf(DataException.class)
                .hasMessage("token 1 is 65536: does not fit 2 bytes");
        assertThatThrownBy(() -> TokenBytes.decode(new byte[3], 2)).hasMessageContaining("multiple of 2");
    }

    @Test
    void aRowIsPutTogetherFromPieces() {
        ShardRow row = new ShardRow.Builder(3, 2)
                .add("a", new byte[] {1, 0, 2, 0}, 5)
                .add("b", new byte[] {3, 0}, 0)
                .build();
        assertThat(row.tokenIds()).containsExactly(1, 2, 3);
        assertThat(row.docEnds()).containsExactly(2, 3);
        assertThat(row.docIds()).containsExactly("a", "b");
        assertThat(row.firstIsContinuation()).isTrue();
        assertThatThrownBy(() -> new ShardRow.Builder(3, 2)
                        .add("a", new byte[] {1, 0}, 0)
                        .add("b", new byte[] {3, 0}, 1))
                .hasMessage("sequence 3: document b continues at token 1 in the middle of the sequence");
    }

    @Test
    void rowsThatDoNotFitTogetherAreRefused() {
        byte[] three = new byte[6];
        List<String> two = List.of("a", "b");
        assertThatThrownBy(() -> new ShardRow(0, three, 3, new int[] {1, 2}, false, two))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        "sequence 0 has documents that do not end with the tokens: 6 bytes of tokens, n_tok 3");
        assertThatThrownBy(() -> new ShardRow(0, three, 3, new int[] {0, 3}, false, two))
                .hasMessageContaining("do not rise");
        assertThatThrownBy(() -> new ShardRow(0, three, 2, new int[] {1, 2}, false, two))
                .hasMessageContaining("wrong size");
        assertThatThrownBy(() -> new ShardRow(0, three, 3, new int[] {3}, false, two))
                .hasMessageContaining("one id per");
    }

    /** Golden values, computed apart from this code from the format's text; a change here is a new format version. */
    @Test
    void digestsAreTheGoldenOnes() {
        ShardRow row = new ShardRow(7, new byte[] {1, 0, 2, 0}, 2, new int[] {1, 2}, true, List.of("a", "b"));
        byte[] digest = ShardDigests.ofRow(row);
        String shard = ShardDigests.ofShard(List.of(digest, digest));
        assertThat(List.of(HexFormat.of().formatHex(digest), ShardDigests.ofStream(List.of(shard))))
                .containsExactly(
                        "6710a47b224d8b430b084d0070dd68104d4a5c54c7ac67d58359822527f53472",
                        "dd5db6bcab3b9d7fa2665523d9adecd27b1b06eac68467b92d82e6cf04d5844b");
    }

    @Test
    void everyColumnIsInTheDigest() {
        byte[] tokens = {1, 0, 2, 0};
        List<ShardRow> rows = List.of(
                new ShardRow(7, tokens, 2, new int[] {1, 2}, true, List.of("a", "b")),
                new ShardRow(8, tokens, 2, new int[] {1, 2}, true, List.of("a", "b")),
                new ShardRow(7, new byte[] {1, 0, 3, 0}, 2, new int[] {1, 2}, true, List.of("a", "b")),
                new ShardRow(7, tokens, 1, new int[] {1}, true, List.of("a")),
                new ShardRow(7, tokens, 2, new int[] {2}, true, List.of("a")),
                new ShardRow(7, tokens, 2, new int[] {1, 2}, false, List.of("a", "b")),
                new ShardRow(7, tokens, 2, new int[] {1, 2}, true, List.of("a", "c")));
        assertThat(rows.stream().map(row -> HexFormat.of().formatHex(ShardDigests.ofRow(row))))
                .doesNotHaveDuplicates();
    }
}
