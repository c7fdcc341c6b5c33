package io.peregrine.rewrite.accept;

import io.peregrine.data.text.UnicodeText;
import java.util.List;

/**
 * What models say about their answer instead of giving it: refusals, and lines before and after the text asked for. Only
 * the first and the last few hundred characters are looked at.
 */
public final class MetaTalk {
    private static final int HEAD = 240;
    private static final int LINE_MAX = 240;
    private static final int BRIEF_MAX = 20;

    private static final List<String> REFUSALS = List.of(
            "i'm sorry, but i",
            "i am sorry, but i",
            "i'm sorry, i can",
            "i apologize, but i",
            "i cannot assist",
            "i can't assist",
            "i cannot help",
            "i can't help",
            "i cannot fulfill",
            "i can't fulfill",
            "i cannot provide",
            "i can't provide",
            "i cannot rewrite",
            "i can't rewrite",
            "i cannot comply",
            "i can't comply",
            "i'm unable to",
            "i am unable to",
            "i'm not able to",
            "i am not able to",
            "as an ai language model",
            "as an ai assistant",
            "as an ai, i",
            "as a language model",
            "there is no text",
            "no text was provided",
            "you haven't provided",
            "please provide the text",
            "es tut mir leid, aber ich",
            "ich kann ihnen dabei nicht",
            "als ki-sprachmodell",
            "je suis d\u00e9sol\u00e9, mais je",
            "en tant que mod\u00e8le de langage",
            "lo siento, pero no puedo",
            "como modelo de lenguaje",
            "mi dispiace, ma non posso",
            "desculpe, mas n\u00e3o posso",
            "como modelo de linguagem",
            "\u62b1\u6b49\uff0c\u6211\u65e0\u6cd5",
            "\u5f88\u62b1\u6b49\uff0c\u6211");

    private static final List<String> ASSENTS =
            List.of("sure", "certainly", "of course", "absolutely", "okay", "ok", "no problem", "great", "understood");
    private static final List<String> ANNOUNCEMENTS = List.of(
            "here is",
            "here's",
            "here are",
            "below is",
            "below are",
            "the following is",
            "this is the",
            "i have",
            "i've",
            "as requested",
            "hier ist",
            "hier sind",
            "voici",
            "aqu\u00ed est\u00e1",
            "aqu\u00ed tienes",
            "ecco",
            "aqui est\u00e1");
    private static final List<String> SUBJECTS = List.of(
            "rewrit",
            "rephras",
            "paraphras",
            "version",
            "passage",
            "text",
            "summar",
            "notes",
            "question",
            "article",
            "code",
            "solution",
            "section",
            "translat",
            "document",
            "request",
            "instruction");
    private static final List<String> CLOSINGS = List.of(
            "i hope this helps",
            "i hope that helps",
            "let me know if",
            "feel free to",
            "please let me know",
            "would you like me to",
            "is there anything else",
            "if you need any",
            "if you'd like me",
            "note: i ",
            "note: this rewrit",
            "note that i ");

    private MetaTalk() {}

    /** Whether a text begins by declining; a phrase that the document begins with, too, does not count. */
    static boolean declines(String answer, String document) {
        String head = head(answer);
        String allowed = head(document);
        return REFUSALS.stream().anyMatch(phrase -> head.contains(phrase) && !allowed.contains(phrase));
    }

    /** Where the text asked for begins: behind lines that announce it, or at 0. */
    public static int bodyStart(String answer) {
        int start = 0;
        while (true) {
            int line = skipBlank(answer, start);
            int end = answer.indexOf('\n', line);
            if (end < 0 || end - line > LINE_MAX || !announces(plain(answer.substring(line, end)))) {
                return start;
            }
            int next = skipBlank(answer, end);
            if (next == answer.length()) {
                return start;
            }
            start = next;
        }
    }

    /** Where the text asked for ends: before a last line that offers more, or at its end. */
    public static int bodyEnd(String answer) {
        int stop = answer.length();
        while (stop > 0 && Character.isWhitespace(answer.charAt(stop - 1))) {
            stop--;
        }
        int line = answer.lastIndexOf('\n', stop - 1) + 1;
        if (line == 0 || stop - line > LINE_MAX) {
            return answer.length();
        }
        String last = plain(answer.substring(line, stop));
        return CLOSINGS.stream().anyMatch(last::startsWith) ? line : answer.length();
    }

    private static boolean announces(String line) {
        String rest = withoutOpener(line, ASSENTS);
        boolean assents = rest.length() < line.length();
        String after = rest.stripLeading();
        boolean punctuated = assents && (after.isEmpty() || ",.!:-".indexOf(after.charAt(0)) >= 0);
        if (punctuated && after.length() <= 1) {
            return true;
        }
        String said = punctuated ? after.substring(1).strip() : line;
        boolean announced = withoutOpener(said, ANNOUNCEMENTS).length() < said.length();
        boolean subject = SUBJECTS.stream().anyMatch(said::contains);
        boolean ends = said.endsWith(":") || said.endsWith("\uff1a");
        // "Here are some facts about coffee:" may be the text itself.
        boolean brief = said.length() <= BRIEF_MAX;
        return (announced && ends && (subject || brief || punctuated))
                || (punctuated && subject && (announced || ends));
    }

    /** What follows an opener, or the whole line if it begins with none. */
    private static String withoutOpener(String line, List<String> openers) {
        for (String opener : openers) {
            boolean word = line.length() == opener.length()
                    || (line.length() > opener.length() && !Character.isLetterOrDigit(line.charAt(opener.length())));
            if (word && line.startsWith(opener)) {
                return line.substring(opener.length());
            }
        }
        return line;
    }

    private static int skipBlank(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String head(String text) {
        int from = skipBlank(text, 0);
        return plain(text.substring(from, Math.min(text.length(), from + HEAD)));
    }

    /** Small letters, straight apostrophes, no marks of emphasis. */
    private static String plain(String text) {
        return UnicodeText.lower(text).replace('\u2019', '\'').replace("*", "").strip();
    }
}
