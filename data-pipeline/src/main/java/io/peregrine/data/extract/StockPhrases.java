package io.peregrine.data.extract;

import io.peregrine.data.text.UnicodeText;
import java.util.ArrayList;
import java.util.List;

/**
 * Short lines that pages of many sites share: what announces other pages or comments, and what serves the page only.
 * A line counts if it is short and begins with a phrase; the phrases are of the languages that most of the web is in.
 */
final class StockPhrases {
    enum Use {
        /** An ordinary line. */
        NONE,
        /** Announces related pages, comments or the author: what follows is not the main text. */
        ENDS,
        /** An advertisement's label, a credit, a button. */
        NOISE
    }

    private static final int LINE_CHARS_MAX = 70;

    private static final List<String> ENDS = phrases("""
            related articles|related posts|related stories|related content|related topics|related news|related:
            more on this topic|more on this story|read more|read also|also read|see also:|you may also|you might also
            recommended for you|recommended reading|explore further|further reading on|more stories|more from|more news
            latest news|latest articles|latest posts|most read|most popular|popular posts|trending now
            leave a comment|leave a reply|post a comment|add a comment|write a comment|view comments|comments are closed
            share this|about the author|join the conversation|subscribe to|sign up for|suggested citation
            mehr zum thema|mehr zu diesem thema|mehr zu:|mehr aus|lesen sie auch|lesen sie mehr|lies auch|auch interessant
            auch lesenswert|das k\u00f6nnte|das thema k\u00f6nnte|diese artikel k\u00f6nnten|dies k\u00f6nnte sie
            \u00e4hnliche beitr\u00e4ge|\u00e4hnliche artikel|\u00e4hnliche themen|verwandte artikel|verwandte themen
            verwandte beitr\u00e4ge|weitere artikel|weitere beitr\u00e4ge|weitere meldungen|weitere themen|weitere news
            themen in diesem artikel|zum thema|empfohlene beitr\u00e4ge|empfehlungen aus|beliebte inhalte|beliebte beitr\u00e4ge
            neueste beitr\u00e4ge|aktuelle news|meistgelesen|kommentar schreiben|schreibe einen kommentar|kommentar verfassen
            hinterlasse eine antwort|hinterlasse einen kommentar|bisher keine kommentare|kommentare (|artikel teilen
            m\u00f6chten sie den artikel|\u00fcber den autor|\u00fcber die autorin|\u00fcber diese reihe|wer ist online
            \u00e0 lire aussi|lire aussi|\u00e0 lire \u00e9galement|\u00e0 d\u00e9couvrir|articles li\u00e9s|articles similaires
            sur le m\u00eame sujet|sur le m\u00eame th\u00e8me|voir aussi|laisser un commentaire|poster un commentaire
            \u00e0 propos de l'auteur|les plus lus|pour aller plus loin
            art\u00edculos relacionados|noticias relacionadas|contenido relacionado|lea tambi\u00e9n|leer m\u00e1s
            te puede interesar|m\u00e1s informaci\u00f3n:|lo m\u00e1s le\u00eddo|deja un comentario|dejar un comentario
            leggi anche|articoli correlati|potrebbe interessarti|lascia un commento|leia tamb\u00e9m|leia mais
            artigos relacionados|not\u00edcias relacionadas|deixe um coment\u00e1rio
            zobacz r\u00f3wnie\u017c|zobacz tak\u017ce|czytaj te\u017c|czytaj tak\u017ce|czytaj wi\u0119cej|przeczytaj te\u017c
            przeczytaj tak\u017ce|polecane artyku\u0142y|powi\u0105zane artyku\u0142y|dodaj komentarz|podobne artyku\u0142y
            lees ook|lees meer|gerelateerde artikelen|meer over dit|laat een reactie|l\u00e4s ocks\u00e5|l\u00e4s mer
            \u0447\u0438\u0442\u0430\u0439\u0442\u0435 \u0442\u0430\u043a\u0436\u0435|\u0447\u0438\u0442\u0430\u0439\u0442\u0435 \u0442\u0430\u043a\u043e\u0436|\u043f\u043e \u0442\u0435\u043c\u0435|\u043f\u043e\u0445\u043e\u0436\u0438\u0435 \u0441\u0442\u0430\u0442\u044c\u0438
            \u76f8\u5173\u9605\u8bfb|\u76f8\u5173\u6587\u7ae0|\u76f8\u5173\u65b0\u95fb|\u95a2\u9023\u8a18\u4e8b|\u95a2\u9023\u30cb\u30e5\u30fc\u30b9|\u3042\u308f\u305b\u3066\u8aad\u307f\u305f\u3044""");

    private static final List<String> NOISE = phrases("""
            advertisement|advertising|sponsored content|anzeige|werbung|publicit\u00e9|publicidad|pubblicit\u00e0|reklama
            photo:|photos:|photo by|photo credit|photograph by|photography by|image:|image by|image credit|image source
            picture:|credit:|credits:|\u00a9|(c) |getty images|foto:|fotos:|fotonachweis|bild:|bilder:|bildquelle|bildnachweis
            titelbild:|titelfoto:|symbolbild|quelle:|quellen:|source:|cr\u00e9dit photo|cr\u00e9dits photo|photo :|source :
            fuente:|foto di|fonte:|\u017ar\u00f3d\u0142o:|fot.|zdj\u0119cie:
            published:|published on|posted on|posted by|posted in|filed under|last updated|last modified|updated:|updated on
            reading time|min read|ver\u00f6ffentlicht am|ver\u00f6ffentlicht in|erstellt am|aktualisiert am|letzte \u00e4nderung|stand:
            lesezeit|kategorie:|kategorien:|schlagworte|schlagw\u00f6rter|tags:|tag:|topics:|themen:|thema:|publi\u00e9 le|mis \u00e0 jour|mots-cl\u00e9s|publikacja:
            print this|drucken|artikel drucken|download pdf|rezept drucken|imprimer|drukuj
            loading|bitte warten|click here to|jump to recipe|skip to|table of contents|inhaltsverzeichnis
            back to top|nach oben|zur\u00fcck zur|zur\u00fcck zum|haut de page""");

    private StockPhrases() {}

    private static List<String> phrases(String lines) {
        List<String> phrases = new ArrayList<>();
        for (String line : lines.split("[\n|]", -1)) {
            if (!line.isBlank()) {
                phrases.add(UnicodeText.lower(line.stripLeading()));
            }
        }
        return List.copyOf(phrases);
    }

    /** What a line is for. */
    static Use of(String line) {
        if (line.length() > LINE_CHARS_MAX) {
            return Use.NONE;
        }
        int start = 0;
        while (start < line.length() && isLead(line.charAt(start))) {
            start++;
        }
        String lower = UnicodeText.lower(line.substring(start));
        if (startsWithAny(lower, ENDS)) {
            return Use.ENDS;
        }
        return startsWithAny(lower, NOISE) ? Use.NOISE : Use.NONE;
    }

    private static boolean isLead(char c) {
        return !Character.isLetterOrDigit(c) && c != '\u00a9' && c != '(';
    }

    private static boolean startsWithAny(String line, List<String> phrases) {
        for (String phrase : phrases) {
            if (line.startsWith(phrase) && endsWord(line, phrase.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWord(String line, int end) {
        return end == line.length()
                || !Character.isLetter(line.charAt(end))
                || !Character.isLetter(line.charAt(end - 1))
                || line.charAt(end) >= '\u2E80';
    }
}
