package io.peregrine.data.extract;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * How many characters of text lie below each element, how many of them in links, and how many elements of structure.
 * Computed in one pass.
 */
final class TextMass {
    private static final int CHARS = 0;
    private static final int LINK_CHARS = 1;
    private static final int STRUCTURES = 2;
    private static final Set<String> STRUCTURE = Set.of("h1", "h2", "h3", "h4", "h5", "h6", "pre", "table");

    private final Map<Element, long[]> byElement = new IdentityHashMap<>();

    private TextMass() {}

    static TextMass of(Element root) {
        TextMass mass = new TextMass();
        mass.add(root, false);
        return mass;
    }

    private long[] add(Element element, boolean inLink) {
        long[] sum = new long[3];
        if (!Boilerplate.isNeverText(element)) {
            boolean link = inLink || element.normalName().equals("a");
            for (Node child : element.childNodes()) {
                if (child instanceof TextNode text) {
                    int chars = visible(text.getWholeText());
                    sum[CHARS] += chars;
                    sum[LINK_CHARS] += link ? chars : 0;
                } else if (child instanceof Element below) {
                    long[] part = add(below, link);
                    sum[CHARS] += part[CHARS];
                    sum[LINK_CHARS] += part[LINK_CHARS];
                    sum[STRUCTURES] += part[STRUCTURES] + (STRUCTURE.contains(below.normalName()) ? 1 : 0);
                }
            }
        }
        byElement.put(element, sum);
        return sum;
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
        return sums(element)[CHARS];
    }

    /** Characters in links below an element. */
    long linkChars(Element element) {
        return sums(element)[LINK_CHARS];
    }

    /** Whether headings, listings or tables lie below an element: then it is there for layout, whatever its tag. */
    boolean isLayout(Element element) {
        return sums(element)[STRUCTURES] > 0;
    }

    private long[] sums(Element element) {
        return byElement.getOrDefault(element, new long[3]);
    }
}
