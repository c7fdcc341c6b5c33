package io.peregrine.data.extract;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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
            "link");

    private static final Set<String> FURNITURE = Set.of("nav", "aside", "footer", "menu");

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

    /** Words in class and id that say what an element is for. Only whole words count: 'adapter' has no 'ad' in it. */
    private static final Set<String> FURNITURE_WORDS = Set.of(
            "nav",
            "navi",
            "navbar",
            "navigation",
            "subnav",
            "topnav",
            "bottomnav",
            "menu",
            "submenu",
            "breadcrumb",
            "breadcrumbs",
            "sidebar",
            "footer",
            "cookie",
            "cookies",
            "consent",
            "gdpr",
            "advert",
            "advertisement",
            "ads",
            "sponsor",
            "sponsored",
            "promo",
            "share",
            "sharing",
            "social",
            "related",
            "recommended",
            "newsletter",
            "subscribe",
            "signup",
            "login",
            "popup",
            "modal",
            "toolbar",
            "pagination",
            "pager",
            "comments",
            "commentlist",
            "disqus",
            "respond",
            "widget",
            "copyright",
            "masthead",
            "skip",
            "teaser",
            "teasers",
            "tagcloud",
            "inheritance",
            "editsection",
            "noprint",
            "printfooter",
            "catlinks",
            "toc");

    private static final Pattern WORD_BORDER = Pattern.compile("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})");
    private static final int NAMES_CHARS_MAX = 400;

    /** An element that holds more than this share of the page's text is not furniture, whatever it is called. */
    private static final double FURNITURE_SHARE_MAX = 0.4;

    private Boilerplate() {}

    /** Elements whose content a reader never sees as text. */
    static boolean isNeverText(Element element) {
        String name = element.normalName();
        if (name.equals("script")) {
            return !Formulas.isFormula(element);
        }
        return NEVER_TEXT.contains(name) || (isHidden(element) && !name.equals("math"));
    }

    private static boolean isHidden(Element element) {
        if (element.hasAttr("hidden") || element.attr("aria-hidden").equals("true")) {
            return true;
        }
        String style = element.attr("style");
        return !style.isEmpty()
                && style.length() < NAMES_CHARS_MAX
                && style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
    }

    /** Elements that serve the site, not the page: navigation, advertisements, what others say. */
    static boolean isFurniture(Element element, TextMass mass, long pageChars) {
        String name = element.normalName();
        if (name.equals("body") || name.equals("html") || name.equals("main")) {
            return false;
        }
        boolean named = FURNITURE.contains(name)
                || FURNITURE_ROLES.contains(element.attr("role"))
                || hasFurnitureWord(element.className())
                || hasFurnitureWord(element.id());
        return named && mass.chars(element) <= FURNITURE_SHARE_MAX * pageChars;
    }

    private static boolean hasFurnitureWord(String names) {
        if (names.isEmpty() || names.length() > NAMES_CHARS_MAX) {
            return false;
        }
        for (String word : WORD_BORDER.split(names)) {
            if (FURNITURE_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return FURNITURE_WORDS.contains(names.toLowerCase(Locale.ROOT));
    }
}
