package io.peregrine.trainer.generate;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes in, text out as soon as it is whole: a character whose bytes come in several tokens is held back until the last
 * of them. Bytes that are no UTF-8 become U+FFFD.
 *
 * <p>Thread: one.
 */
final class Utf8Stream {
    /** Most bytes of a character that is not whole yet. */
    private static final int HELD_BACK_MAX = 3;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] heldBack = {};

    /** Takes bytes; returns the text that is whole now. */
    String add(byte[] bytes) {
        return decode(bytes, false);
    }

    /** What is left when no more bytes come. */
    String end() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(heldBack.length + bytes.length)
                .put(heldBack)
                .put(bytes)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + HELD_BACK_MAX);
        CoderResult result = decoder.decode(in, out, last);
        if (last) {
            result = decoder.flush(out);
            decoder.reset();
        }
        if (result.isOverflow()) {
            throw new IllegalStateException("a byte gives at most one char");
        }
        heldBack = new byte[in.remaining()];
        in.get(heldBack);
        return out.flip().toString();
    }
}
