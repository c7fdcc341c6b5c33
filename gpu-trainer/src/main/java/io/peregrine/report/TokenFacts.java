package io.peregrine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.peregrine.data.tokenizer.TokenStatistics;

/** What tokenization counted, stream by stream and together. */
final class TokenFacts {
    private TokenFacts() {}

    static ArrayNode of(TokenStatistics statistics) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        statistics.streams().forEach((name, stream) -> add(rows, name, stream, false));
        add(rows, "all", statistics.all(), true);
        return rows;
    }

    private static void add(ArrayNode rows, String name, TokenStatistics.Stream stream, boolean total) {
        rows.addObject()
                .put("stream", name)
                .put("total", total)
                .put("documents", stream.documents())
                .put("tokens", stream.tokens())
                .put("bytes", stream.bytes())
                .put("bytesPerToken", stream.bytesPerToken())
                .put("unigramEntropyNats", stream.unigramEntropyNats());
    }
}
