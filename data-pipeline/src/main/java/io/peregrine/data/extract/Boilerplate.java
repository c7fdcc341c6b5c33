package io.peregrine.data.extract;

import io.peregrine.data.text.UnicodeText;
import java.util.Set;
import org.jsoup.nodes.Element;

/** Elements that never hold main text: by what they are, and by what their author calls them. */
final class Boilerplate {
    private static final Set<String> NEVER_TEXT = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "iframe",
            "object",
            "embed",
            "applet",
            "svg",
            "canvas",
            "audio",
            "video",
            "map",
            "button",
            "input",
            "select",
            "textarea",
            "datalist",
            "dialog",
            "head",
            "meta",
            "link",
            "label",
            "legend",
            "progress",
            "meter",
            // The reading of an ideograph stands beside it; in running text it would stand inside the words.
            "rt",
            "rp");

    private static final Set<String> FOREIGN_TAGS = Set.of("aside", "footer");
    private static final Set<String> SIDE_TAGS = Set.of("nav", "menu", "form");
    private static final Set<String> SMALL_TAGS = Set.of("time", "address");

    private static final Set<String> FURNITURE_ROLES = Set.of(
            "navigation",
            "banner",
            "contentinfo",
            "search",
            "complementary",
            "menu",
            "menubar",
            "toolbar",
            "dialog",
            "alert",
            "alertdialog",
            "tablist");

    private static final int STYLE_CHARS_MAX = 400;

    /** What is foreign may be most of a page, if so many characters outside links are left without it. */
    private static final long REST_CHARS_MIN = 300;

    /** An element that holds more than this share of the page's paragraphs is not beside the main text. */
    private static final double SIDE_SHARE_MAX = 0.4;

    /** Captions and bylines are a sentence or two. */
    private static final long SMALL_CHARS_MAX = 400;

    private static final long AUTHOR_CHARS_MAX = 1200;
    private static final double SMALL_SHARE_MAX = 0.25;
    private static final double TEASER_LINK_SHARE_MIN = 0.2;

    private final TextMass mass;
    private final Element body;
    private final boolean strict;

    /**
     * @param body the page, against which an element is weighed
     * @param strict whether names count; if not, only tags and roles do
     */
    Boilerplate(TextMass mass, Element body, boolean strict) {
        this.mass = mass;
        this.body = body;
        this.strict = strict;
    }

    /** Elements whose content a reader never sees as text. */
    static boolean isNeverText(Element element) {
        String name = element.normalName();
        if (name.equals("script")) {
            return !Formulas.isFormula(element);
        }
        return NEVER_TEXT.contains(name)
                || (element.attributesSize() > 0 && isHidden(element) && !Formulas.isFormula(element));
    }

    private static boolean isHidden(Element element) {
        if (element.hasAttr("hidden") || element.attr("aria-hidden").equals("true")) {
            return true;
        }
        String style = element.attr("style");
        return !style.isEmpty()
                && style.length() < STYLE_CHARS_MAX
                && UnicodeText.lower(style.replace(" ", "")).contains("display:none");
    }

    /** Elements that serve the site, not the page: navigation, advertisements, what others say. */
    boolean isFurniture(Element element) {
        String name = element.normalName();
        if (name.equals("body") || name.equals("html") || name.equals("main") || name.equals("article")) {
            return false;
        }
        int flags = (strict ? mass.names(element) : 0) | tagFlags(element, name);
        if ((flags & ~ElementNames.CONTENT) == 0 || mass.chars(element) == 0 || mass.holdsContent(element)) {
            return false;
        }
        long paragraphs = mass.paragraphChars(element);
        boolean beside = paragraphs <= SIDE_SHARE_MAX * mass.paragraphChars(body);
        long text = mass.chars(element) - mass.linkChars(element);
        long pageText = mass.chars(body) - mass.linkChars(body);
        if ((flags & ElementNames.FOREIGN) != 0
                && (beside || (!mass.holdsArticle(element) && pageText - text >= REST_CHARS_MIN))) {
            return true;
        }
        if ((flags & ElementNames.SIDE) != 0 && beside && !(mass.holdsArticle(element) && paragraphs > 0)) {
            return true;
        }
        if (element.attr("itemprop").equals("description")) {
            return false;
        }
        boolean small = text <= SMALL_SHARE_MAX * pageText;
        if ((flags & ElementNames.SMALL) != 0 && paragraphs == 0 && small && text <= SMALL_CHARS_MAX) {
            return true;
        }
        if ((flags & ElementNames.CAPTION) != 0 && small && text <= SMALL_CHARS_MAX) {
            return true;
        }
        if ((flags & ElementNames.AUTHOR) != 0 && small && text <= AUTHOR_CHARS_MAX) {
            return true;
        }
        return (flags & ElementNames.TEASER) != 0
                && beside
                && mass.linkChars(element) >= TEASER_LINK_SHARE_MIN * mass.chars(element);
    }

    private static int tagFlags(Element element, String name) {
        int flags = 0;
        if (FOREIGN_TAGS.contains(name)) {
            flags |= ElementNames.FOREIGN;
        }
        if (SIDE_TAGS.contains(name) || FURNITURE_ROLES.contains(element.attr("role"))) {
            flags |= ElementNames.SIDE;
        }
        if (SMALL_TAGS.contains(name)) {
            flags |= ElementNames.SMALL;
        }
        if (name.equals("figcaption")) {
            flags |= ElementNames.CAPTION;
        }
        if (element.attr("itemprop").equals("author")) {
            flags |= ElementNames.AUTHOR;
        }
        return flags;
    }
}
