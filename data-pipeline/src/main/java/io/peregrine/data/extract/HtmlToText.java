package io.peregrine.data.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.peregrine.data.text.UnicodeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * The main text of an HTML page, with headings, lists, tables, code and formulas in a plain notation close to Markdown.
 *
 * <p>Time is linear in the size of the page, and the depth of the tree is bounded, whatever the page does.
 */
public final class HtmlToText {
    /** Deeper elements are taken as if they stood at this depth; real pages stay below 100. */
    static final int DEPTH_MAX = 200;

    /** With less text than this, an extract is doubted. */
    private static final long POOR_CHARS = 150;

    /** With more text than this, the page itself is believed rather than the data beside it. */
    private static final long DATA_CHARS_MAX = 1500;

    private static final Pattern PRIMARY_SUBTAG = Pattern.compile("([a-z]{2,3})([-_].*)?");

    private HtmlToText() {}

    /**
     * What a page says.
     *
     * @param text main text; empty if there is none
     * @param language primary language subtag that the page declares
     */
    public record Page(String text, Optional<String> language) {}

    /** Extracts the main text of a decoded page. */
    public static Page extract(String html) {
        Document page = Parser.htmlParser().setMaxDepth(DEPTH_MAX).parseInput(html, "");
        TextMass mass = TextMass.of(page.body());
        List<Block> blocks = blocks(page, mass, true);
        long chars = chars(blocks);
        if (chars < POOR_CHARS) {
            // What the names of elements say was misleading, or there is little text.
            List<Block> lenient = blocks(page, mass, false);
            blocks = chars(lenient) > 2 * chars ? lenient : blocks;
        }
        if (chars(blocks) < DATA_CHARS_MAX) {
            List<Block> data = StructuredData.article(page);
            blocks = chars(data) > 2 * chars(blocks) ? data : blocks;
        }
        return new Page(BlockText.write(blocks), language(page));
    }

    private static List<Block> blocks(Document page, TextMass mass, boolean strict) {
        Boilerplate boilerplate = new Boilerplate(mass, page.body(), strict);
        MainContent main = MainContent.find(page.body(), mass, boilerplate);
        BlockWalker walker = new BlockWalker(mass, boilerplate);
        List<Block> blocks = new ArrayList<>();
        BlockWalker lead = new BlockWalker(mass, boilerplate);
        if (main.title().isPresent()) {
            walker.heading(main.title().get());
            lead.between(main.title().get(), main.root());
        } else {
            main.around().ifPresent(around -> lead.before(main.root(), around));
        }
        blocks.addAll(walker.blocks());
        blocks.addAll(BlockSelection.lead(lead.blocks()));
        BlockWalker text = new BlockWalker(mass, boilerplate);
        text.walk(main.root());
        blocks.addAll(text.blocks());
        return BlockSelection.select(blocks, main.isMarked());
    }

    private static long chars(List<Block> blocks) {
        return blocks.stream()
                .filter(block -> block.kind() != Block.Kind.HEADING)
                .mapToLong(Block::chars)
                .sum();
    }

    private static Optional<String> language(Document page) {
        Element html = page.selectFirst("html");
        String declared =
                html == null ? "" : UnicodeText.lower(html.attr("lang").strip());
        Matcher matcher = PRIMARY_SUBTAG.matcher(declared);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
