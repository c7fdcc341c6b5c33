package io.peregrine.data.extract;

import io.peregrine.data.text.UnicodeText;
import java.util.HashMap;
import java.util.Map;
import org.jsoup.nodes.Element;

/**
 * What the author of a page calls an element, in its class, id and role: words that say what it is for.
 *
 * <p>Only whole words count: 'adapter' has no 'ad' in it. A word that a state word precedes says what stands around the
 * element or is absent ({@code has-sidebar}, {@code no-comments}), and is passed over. The words are those of
 * stylesheets, which are English nearly everywhere; a few of other languages are there because they are common.
 */
final class ElementNames {
    /** Never part of the main text, however long: comments, sidebars, consent, advertisements. */
    static final int FOREIGN = 1;

    /** Serves the site, unless it holds much of the page's text: related, promotion, subscription. */
    static final int SIDE = 2;

    /** Serves the page and holds no paragraphs: navigation, sharing, dates, bylines. */
    static final int SMALL = 4;

    /** Explains a picture, or excuses something: a sentence or two. */
    static final int CAPTION = 128;

    /** An introduction, or a link to another page; what is in it decides. */
    static final int TEASER = 8;

    /** The page's content, says its author. */
    static final int CONTENT = 16;

    /** Who wrote the page. */
    static final int AUTHOR = 32;

    private static final int NAMES_CHARS_MAX = 400;
    private static final int STATE = 64;

    private static final Map<String, Integer> WORDS = new HashMap<>();
    private static final Map<String, Integer> WHOLE = new HashMap<>();

    static {
        put(
                WORDS,
                FOREIGN,
                "comments comment commentlist commentform commentarea commentsection nocomments kommentar kommentare "
                        + "kommentarmodul kommentarcontent komentarze commentaires comentarios commenti reacties disqus respond "
                        + "sidebar footer cookie cookies consent gdpr dsgvo ad ads adv advert advertisement advertising adunit "
                        + "werbung anzeige publicidad publicite reklama sponsor sponsored outbrain taboola captcha "
                        + "trackback trackbacks pingback pingbacks noprint printfooter catlinks editsection breadcrumb breadcrumbs");
        put(
                WORDS,
                SIDE,
                "related relateds similar recommended recommendation recommendations recommend recommends promo promotion "
                        + "newsletter subscribe subscription signup login register registration popup modal overlay "
                        + "tagcloud masthead inheritance donate donation aktionsbutton crosslinks readmore paywall "
                        + "nextstory prevnext postnav alsoread upnext marginalia dossier sociable addtoany jetpack "
                        + "voting infobox rec linkbox contactbox storylinks trending popular mostread latest cta "
                        + "verwandte weiterlesen textwidget widgettitle rss bewertung noprintcontent");
        put(WHOLE, SIDE, "widget");
        put(
                WORDS,
                SMALL,
                "nav navi navbar navigation subnav topnav bottomnav menu submenu mainmenu share "
                        + "sharing social socials socialmedia teilen partager pagination pager paginator toolbar skip toc copyright "
                        + "tags taglist tagged keywords topics categories postmeta postmetadata entrymeta meta metadata metainfo "
                        + "dateline date datum datetime timestamp pubdate published posted updated byline kicker "
                        + "readtime readingtime duration "
                        + "rating ratings vote votes likes printlink button buttons btn lightbox slideshow thumbnails attribution "
                        + "tooltip screenreader wordcount");
        put(
                WORDS,
                CAPTION,
                "caption captions credit credits imgcaption bildunterschrift bilduntertitel photocredit copyrights legende "
                        + "disclaimer disclosure");
        put(WORDS, TEASER, "teaser teasers");
        put(
                WORDS,
                AUTHOR,
                "author authors autor autoren autore auteur authorbox authorinfo autorbox autoreninfo bio biography "
                        + "saboxplugin");
        put(WORDS, STATE, "has with without no not is hide enable disable show");
        put(
                WHOLE,
                CONTENT,
                "contentcontainer main-content maincontent page-content mw-content-text post-content "
                        + "entry-content article-content article-body articlebody article_body article-text articletext article__body "
                        + "article__content post-body post_content post-text story-body story-content storybody entry-body entry "
                        + "node-content blog-content news-content news-text rich-text richtext markdown-body post-entry "
                        + "single-content td-post-content the-content theme-content body-text bodytext textbody");
    }

    private ElementNames() {}

    private static void put(Map<String, Integer> map, int flag, String words) {
        for (String word : words.split(" ", -1)) {
            map.merge(word, flag, (a, b) -> a | b);
        }
    }

    /** The flags of an element, by its class and id. */
    static int flags(Element element) {
        if (element.attributesSize() == 0) {
            return 0;
        }
        String id = element.id();
        int flags = flags(element.className());
        // The id of a heading is an anchor made of its words; one named 'content' is the page's own mark.
        if (!id.isEmpty() && !isHeading(element.normalName())) {
            flags |= id.equals("content") ? CONTENT : flags(id);
        }
        return flags & ~STATE;
    }

    private static boolean isHeading(String name) {
        return name.length() == 2 && name.charAt(0) == 'h' && Character.isDigit(name.charAt(1));
    }

    private static int flags(String names) {
        if (names.isEmpty() || names.length() > NAMES_CHARS_MAX) {
            return 0;
        }
        int flags = 0;
        int start = 0;
        for (int i = 0; i <= names.length(); i++) {
            if (i == names.length() || names.charAt(i) <= ' ') {
                if (i > start) {
                    flags |= nameFlags(names.substring(start, i));
                }
                start = i + 1;
            }
        }
        return flags;
    }

    /** Flags of one class: those of its words, and of all of it. */
    private static int nameFlags(String name) {
        String lower = UnicodeText.lower(name);
        int flags = WHOLE.getOrDefault(lower, 0);
        boolean afterState = false;
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean end = i == name.length() || !Character.isLetter(name.charAt(i));
            boolean hump = !end
                    && i > start
                    && Character.isUpperCase(name.charAt(i))
                    && Character.isLowerCase(name.charAt(i - 1));
            if (end || hump) {
                int word = i > start ? word(lower, start, Math.min(i, lower.length())) : 0;
                flags |= afterState ? 0 : word;
                afterState = (i == start && afterState) || (word & STATE) != 0;
                start = hump ? i : i + 1;
            }
        }
        return flags | WORDS.getOrDefault(lower, 0);
    }

    private static int word(String lower, int start, int end) {
        return start >= end ? 0 : WORDS.getOrDefault(lower.substring(start, end), 0);
    }
}
