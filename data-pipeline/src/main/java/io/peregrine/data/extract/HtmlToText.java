package io.peregrine.data.extract;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final int DEPTH_MAX = 200;

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
        MainContent main = MainContent.find(page.body(), mass);
        BlockWalker walker = new BlockWalker(mass, main);
        main.title().ifPresent(walker::heading);
        walker.walk(main.root());
        List<Block> kept = BlockSelection.select(walker.blocks(), main.isMarked());
        return new Page(BlockText.write(kept), language(page));
    }

    private static Optional<String> language(Document page) {
        Element html = page.selectFirst("html");
        String declared = html == null ? "" : html.attr("lang").strip().toLowerCase(Locale.ROOT);
        Matcher matcher = PRIMARY_SUBTAG.matcher(declared);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
