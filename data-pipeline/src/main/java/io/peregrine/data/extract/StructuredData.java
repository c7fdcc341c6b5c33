package io.peregrine.data.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.extract.Block.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** The article text that some pages carry as JSON-LD for search engines, beside markup that a script fills in later. */
final class StructuredData {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SCRIPT_CHARS_MAX = 1 << 20;
    private static final int NODES_MAX = 10_000;

    private StructuredData() {}

    /** The longest {@code articleBody} of a page, as paragraphs; empty if there is none. */
    static List<Block> article(Document page) {
        Optional<String> longest = Optional.empty();
        for (Element script : page.getElementsByTag("script")) {
            if (script.attr("type").equalsIgnoreCase("application/ld+json")
                    && script.data().length() <= SCRIPT_CHARS_MAX
                    && script.data().contains("articleBody")) {
                Optional<String> body = body(script.data());
                if (body.isPresent() && body.get().length() > longest.orElse("").length()) {
                    longest = body;
                }
            }
        }
        return longest.map(StructuredData::paragraphs).orElse(List.of());
    }

    private static Optional<String> body(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            // Broken data beside the page says nothing about the page.
            return Optional.empty();
        }
        Deque<JsonNode> open = new ArrayDeque<>();
        open.push(root);
        Optional<String> longest = Optional.empty();
        for (int seen = 0; !open.isEmpty() && seen < NODES_MAX; seen++) {
            JsonNode node = open.pop();
            String body = node.path("articleBody").asText("");
            if (body.length() > longest.orElse("").length()) {
                longest = Optional.of(body);
            }
            node.forEach(open::push);
        }
        return longest;
    }

    private static List<Block> paragraphs(String body) {
        String text = body.contains("</p>") || body.contains("<br")
                ? Parser.htmlParser()
                        .setMaxDepth(HtmlToText.DEPTH_MAX)
                        .parseInput(body, "")
                        .body()
                        .wholeText()
                : Parser.unescapeEntities(body, false);
        List<Block> blocks = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            InlineText inline = new InlineText();
            inline.append(line);
            InlineText.Taken taken = inline.take();
            if (!taken.text().isEmpty()) {
                blocks.add(new Block(Kind.PARAGRAPH, 0, "", taken.text(), taken.chars(), 0, 0, false));
            }
        }
        return blocks;
    }
}
