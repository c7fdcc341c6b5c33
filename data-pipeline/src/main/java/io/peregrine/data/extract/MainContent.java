package io.peregrine.data.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;

/** Where the main text of a page is: the element that the page marks as such, or the whole body. */
final class MainContent {
    private static final Set<String> CONTENT_NAMES = Set.of(
            "contentContainer",
            "content",
            "main-content",
            "maincontent",
            "page-content",
            "mw-content-text",
            "post-content",
            "entry-content",
            "article-content",
            "article-body",
            "articleBody",
            "post-body",
            "story-body",
            "markdown-body");

    /** A marked element must hold so much of the page's text to be believed. */
    private static final double MAIN_SHARE_MIN = 0.15;

    private static final double ARTICLE_SHARE_MIN = 0.3;

    private final Element root;
    private final boolean marked;
    private final long pageChars;
    private final Optional<Element> title;

    private MainContent(Element root, boolean marked, long pageChars, Optional<Element> title) {
        this.root = root;
        this.marked = marked;
        this.pageChars = pageChars;
        this.title = title;
    }

    static MainContent find(Element body, TextMass mass) {
        long pageChars = mass.chars(body);
        Candidates candidates = new Candidates(mass, pageChars);
        candidates.collect(body);
        Optional<Element> root = candidates.best();
        Optional<Element> title = root.flatMap(found -> titleBefore(found, candidates.headings));
        return new MainContent(root.orElse(body), root.isPresent(), pageChars, title);
    }

    /** The page's title where it stands before its main content. */
    private static Optional<Element> titleBefore(Element root, List<Element> headings) {
        Optional<Element> last = Optional.empty();
        for (Element heading : headings) {
            if (heading.parents().contains(root)) {
                return heading.normalName().equals("h1") ? Optional.empty() : last;
            }
            last = Optional.of(heading);
        }
        return headings.size() == 1 ? last : Optional.empty();
    }

    /** The element to take the text from. */
    Element root() {
        return root;
    }

    /** Whether the page marks this element as its content, so that short texts in it can be trusted. */
    boolean isMarked() {
        return marked;
    }

    /** Characters of the whole page. */
    long pageChars() {
        return pageChars;
    }

    /** The title, if it stands outside the root. */
    Optional<Element> title() {
        return title;
    }

    /** What one walk over the page collects, in document order. */
    private static final class Candidates {
        private final TextMass mass;
        private final long pageChars;
        private final List<Element> headings = new ArrayList<>();
        private Optional<Element> main = Optional.empty();
        private Optional<Element> article = Optional.empty();
        private Optional<Element> content = Optional.empty();

        Candidates(TextMass mass, long pageChars) {
            this.mass = mass;
            this.pageChars = pageChars;
        }

        void collect(Element element) {
            if (Boilerplate.isNeverText(element) || Boilerplate.isFurniture(element, mass, pageChars)) {
                return;
            }
            String name = element.normalName();
            if (name.equals("h1") || (name.equals("h2") && element.hasClass("title"))) {
                headings.add(element);
            } else if (name.equals("main") || element.attr("role").equals("main")) {
                main = larger(main, element);
            } else if (name.equals("article") || element.attr("itemprop").equals("articleBody")) {
                article = larger(article, element);
            } else if (CONTENT_NAMES.contains(element.id()) || hasContentClass(element)) {
                content = larger(content, element);
            }
            for (Node child : element.childNodes()) {
                if (child instanceof Element below) {
                    collect(below);
                }
            }
        }

        private static boolean hasContentClass(Element element) {
            return element.hasAttr("class") && element.classNames().stream().anyMatch(CONTENT_NAMES::contains);
        }

        private Optional<Element> larger(Optional<Element> best, Element element) {
            return best.isEmpty() || mass.chars(element) > mass.chars(best.get()) ? Optional.of(element) : best;
        }

        Optional<Element> best() {
            return main.filter(found -> holds(found, MAIN_SHARE_MIN))
                    .map(found -> article.filter(inner -> inner.parents().contains(found))
                            .filter(inner -> mass.chars(inner) > 0.5 * mass.chars(found))
                            .orElse(found))
                    .or(() -> article.filter(found -> holds(found, ARTICLE_SHARE_MIN)))
                    .or(() -> content.filter(found -> holds(found, ARTICLE_SHARE_MIN)));
        }

        private boolean holds(Element element, double share) {
            return mass.chars(element) > 0 && mass.chars(element) >= share * pageChars;
        }
    }
}
