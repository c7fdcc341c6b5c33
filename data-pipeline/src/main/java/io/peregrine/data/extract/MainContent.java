package io.peregrine.data.extract;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;

/**
 * Where the main text of a page is: the innermost element that the page marks as such and that holds most of its
 * paragraphs; without a mark, the innermost that holds nearly all of them.
 */
final class MainContent {
    /** {@code main} must hold so much of the page's paragraphs to be believed. */
    private static final double MAIN_SHARE_MIN = 0.25;

    /** A mark inside must hold so much of what is around it, or the page has several texts. */
    private static final double MARK_SHARE_MIN = 0.6;

    /** An element that no one marks must hold so much of what is around it. */
    private static final double DOMINANT_SHARE_MIN = 0.95;

    /** A page with fewer characters in paragraphs does not show where its text is. */
    private static final long DOMINANT_CHARS_MIN = 400;

    /** Text itself, where the search for a container ends. */
    private static final Set<String> TEXT =
            Set.of("p", "pre", "blockquote", "ul", "ol", "dl", "li", "dd", "table", "h1", "h2", "h3", "h4", "h5", "h6");

    private final Element root;
    private final boolean marked;
    private final Element body;
    private final Optional<Element> title;
    private final Optional<Element> around;

    private MainContent(Element root, boolean marked, Element body, Optional<Element> title, Optional<Element> around) {
        this.root = root;
        this.marked = marked;
        this.body = body;
        this.title = title;
        this.around = around;
    }

    static MainContent find(Element body, TextMass mass, Boilerplate boilerplate) {
        Candidates candidates = new Candidates(mass, boilerplate);
        candidates.collect(body);
        Element root = candidates.innermostMark(body);
        boolean marked = root != body;
        if (!marked) {
            root = candidates.dominant(body);
        }
        Optional<Element> title = root == body ? Optional.empty() : titleBefore(root, candidates.headings);
        return new MainContent(root, marked, body, title, candidates.around(root, body));
    }

    /** The page's title where it stands before its main content. */
    private static Optional<Element> titleBefore(Element root, List<Element> headings) {
        Optional<Element> last = Optional.empty();
        for (Element heading : headings) {
            if (isInside(heading, root)) {
                return heading.normalName().equals("h1") ? Optional.empty() : last;
            }
            last = Optional.of(heading);
        }
        return headings.size() == 1 ? last : Optional.empty();
    }

    static boolean isInside(Element element, Element ancestor) {
        for (Element above = element.parent(); above != null; above = above.parent()) {
            if (above == ancestor) {
                return true;
            }
        }
        return false;
    }

    /** The element to take the text from. */
    Element root() {
        return root;
    }

    /** Whether the page marks this element as its content, so that short texts in it can be trusted. */
    boolean isMarked() {
        return marked;
    }

    /** The whole page. */
    Element body() {
        return body;
    }

    /** The title, if it stands outside the root. */
    Optional<Element> title() {
        return title;
    }

    /** An element around the root in which an introduction may stand before it. */
    Optional<Element> around() {
        return around;
    }

    /** What one walk over the page collects, in document order. */
    private static final class Candidates {
        private final TextMass mass;
        private final Boilerplate boilerplate;
        private final Map<Element, Long> clean = new IdentityHashMap<>();
        private final List<Element> headings = new ArrayList<>();
        private final List<Element> marks = new ArrayList<>();

        Candidates(TextMass mass, Boilerplate boilerplate) {
            this.mass = mass;
            this.boilerplate = boilerplate;
        }

        /** Characters of paragraphs below an element without its furniture. */
        long collect(Element element) {
            if (mass.chars(element) == 0 || Boilerplate.isNeverText(element) || boilerplate.isFurniture(element)) {
                return 0;
            }
            String name = element.normalName();
            if (name.equals("h1") || (name.equals("h2") && element.hasClass("title"))) {
                headings.add(element);
            } else if (isMark(element, name)) {
                marks.add(element);
            }
            long sum = mass.paragraphChars(element);
            for (Node child = element.firstChild(); child != null; child = child.nextSibling()) {
                if (child instanceof Element below) {
                    sum += collect(below) - mass.paragraphChars(below);
                }
            }
            clean.put(element, sum);
            return sum;
        }

        private boolean isMark(Element element, String name) {
            return name.equals("main")
                    || name.equals("article")
                    || (mass.names(element) & ElementNames.CONTENT) != 0
                    || element.attr("role").equals("main")
                    || element.attr("itemprop").equals("articleBody");
        }

        /** From mark to mark inwards, as long as one of them holds most of what the last one does. */
        Element innermostMark(Element body) {
            Element root = body;
            for (Element mark : marks) {
                boolean main =
                        mark.normalName().equals("main") || mark.attr("role").equals("main");
                double share = root == body && main ? MAIN_SHARE_MIN : MARK_SHARE_MIN;
                if (holds(mark, root, share) && isInside(mark, root)) {
                    root = mark;
                }
            }
            return root;
        }

        /** The innermost mark around the root, or what stands two levels around an unmarked one. */
        Optional<Element> around(Element root, Element body) {
            if (root == body) {
                return Optional.empty();
            }
            for (int i = marks.size() - 1; i >= 0; i--) {
                if (isInside(root, marks.get(i))) {
                    return Optional.of(marks.get(i));
                }
            }
            Element parent = root.parent();
            return Optional.ofNullable(parent == null || parent == body ? parent : parent.parent());
        }

        private boolean holds(Element inner, Element outer, double share) {
            long all = cleanOf(outer);
            return all > 0
                    ? cleanOf(inner) >= share * all
                    : mass.chars(inner) - mass.linkChars(inner) >= share * (mass.chars(outer) - mass.linkChars(outer));
        }

        /** From the body inwards, as long as one element holds nearly all paragraphs. */
        Element dominant(Element body) {
            Element root = body;
            if (cleanOf(body) < DOMINANT_CHARS_MIN) {
                return root;
            }
            for (Optional<Element> next = dominantChild(root); next.isPresent(); next = dominantChild(root)) {
                root = next.get();
            }
            return root;
        }

        private Optional<Element> dominantChild(Element root) {
            for (Node child = root.firstChild(); child != null; child = child.nextSibling()) {
                if (child instanceof Element below
                        && !TEXT.contains(below.normalName())
                        && cleanOf(below) >= DOMINANT_SHARE_MIN * cleanOf(root)) {
                    return Optional.of(below);
                }
            }
            return Optional.empty();
        }

        private long cleanOf(Element element) {
            return clean.getOrDefault(element, 0L);
        }
    }
}
