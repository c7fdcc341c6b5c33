package io.peregrine.data.extract;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * What lies below each element: characters, how many of them in links, how many in paragraphs that read like text, and
 * elements of structure. Computed in one pass.
 */
final class TextMass {
    private static final Set<String> STRUCTURE = Set.of("h1", "h2", "h3", "h4", "h5", "h6", "pre", "table");

    /** Tags that do not end a paragraph. */
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
            "i", "ins", "kbd", "label", "mark", "math", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike",
            "strong", "sub", "sup", "time", "tt", "u", "var", "wbr");

    private static final int PARAGRAPH_CHARS_MIN = 80;
    private static final double PARAGRAPH_LINK_SHARE_MAX = 0.4;

    /** An ideograph or syllable says as much as three letters. */
    private static final int DENSE_WEIGHT = 3;

    private static final char FIRST_DENSE = '\u2E80';

    private static final Sums NONE = new Sums();

    private final Map<Element, Sums> byElement = new IdentityHashMap<>();

    private TextMass() {}

    private static final class Sums {
        private long chars;
        private long linkChars;
        private long paragraphChars;
        private long structures;
        private long runWeight;
        private long runLinkWeight;
        private int names;
        private boolean content;
        private boolean article;
    }

    static TextMass of(Element root) {
        TextMass mass = new TextMass();
        mass.add(root, false);
        return mass;
    }

    private Sums add(Element element, boolean inLink) {
        Sums sum = new Sums();
        byElement.put(element, sum);
        sum.names = ElementNames.flags(element);
        if (Boilerplate.isNeverText(element)) {
            return sum;
        }
        String name = element.normalName();
        boolean link = inLink || name.equals("a");
        for (Node child = element.firstChild(); child != null; child = child.nextSibling()) {
            if (child instanceof TextNode text) {
                addText(sum, text.getWholeText(), link);
            } else if (child instanceof Element below) {
                addPart(sum, add(below, link), below);
            }
        }
        if (!INLINE.contains(name)) {
            endRun(sum);
        }
        return sum;
    }

    private static void addText(Sums sum, String text, boolean link) {
        int chars = 0;
        int weight = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c != '\u00A0') {
                chars++;
                weight += c >= FIRST_DENSE ? DENSE_WEIGHT : 1;
            }
        }
        sum.chars += chars;
        sum.runWeight += weight;
        if (link) {
            sum.linkChars += chars;
            sum.runLinkWeight += weight;
        }
    }

    private void addPart(Sums sum, Sums part, Element below) {
        sum.chars += part.chars;
        sum.linkChars += part.linkChars;
        sum.paragraphChars += part.paragraphChars;
        sum.structures += part.structures + (STRUCTURE.contains(below.normalName()) ? 1 : 0);
        sum.runWeight += part.runWeight;
        sum.runLinkWeight += part.runLinkWeight;
        String name = below.normalName();
        sum.article |= part.article || name.equals("article");
        sum.content |= part.content || isContent(below, name, part.names);
    }

    private static void endRun(Sums sum) {
        if (sum.runWeight >= PARAGRAPH_CHARS_MIN && sum.runLinkWeight <= PARAGRAPH_LINK_SHARE_MAX * sum.runWeight) {
            sum.paragraphChars += sum.runWeight;
        }
        sum.runWeight = 0;
        sum.runLinkWeight = 0;
    }

    private static boolean isContent(Element element, String name, int names) {
        return (names & ElementNames.CONTENT) != 0
                || name.equals("main")
                || element.attr("itemprop").equals("articleBody");
    }

    /** Characters that are not white space. */
    static int visible(String text) {
        int visible = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c != '\u00A0') {
                visible++;
            }
        }
        return visible;
    }

    /** Characters below an element. */
    long chars(Element element) {
        return sums(element).chars;
    }

    /** Characters in links below an element. */
    long linkChars(Element element) {
        return sums(element).linkChars;
    }

    /** Characters in paragraphs that are long and have few links; those of dense scripts count threefold. */
    long paragraphChars(Element element) {
        return sums(element).paragraphChars;
    }

    /** Whether headings, listings or tables lie below an element: then it is there for layout, whatever its tag. */
    boolean isLayout(Element element) {
        return sums(element).structures > 0;
    }

    /** Whether something below an element is marked as the page's content. */
    boolean holdsContent(Element element) {
        return sums(element).content;
    }

    /** Whether an {@code article} lies below an element; comments and teasers are sometimes called so too. */
    boolean holdsArticle(Element element) {
        return sums(element).article;
    }

    /** {@link ElementNames#flags}, found once. */
    int names(Element element) {
        return sums(element).names;
    }

    private Sums sums(Element element) {
        return byElement.getOrDefault(element, NONE);
    }
}
