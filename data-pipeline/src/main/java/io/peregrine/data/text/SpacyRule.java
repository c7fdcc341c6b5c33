package io.peregrine.data.text;

import java.util.Collection;
import java.util.List;

/**
 * One rule by which spaCy cuts a word: what is cut off, and what has to stand before and behind it.
 *
 * <p>A rule looks at few characters, or at a run that it takes whole, and sees nothing outside of the range it is given.
 */
final class SpacyRule {
    /** The rule does not apply; 0 is the length of a cut that takes nothing. */
    static final int NONE = -1;

    private final CharacterSet key;
    private final Body body;
    private final List<CharacterSet> before;
    private final CharacterSet after;
    private final boolean afterIsWanted;

    private SpacyRule(
            CharacterSet key, Body body, List<CharacterSet> before, CharacterSet after, boolean afterIsWanted) {
        this.key = key;
        this.body = body;
        this.before = before;
        this.after = after;
        this.afterIsWanted = afterIsWanted;
    }

    /** What a rule cuts, tried from the shortest length to the longest, which is the order in which spaCy tries. */
    private interface Body {
        /** The least length over {@code above} of a cut that begins at an index, or {@link #NONE}. */
        int ahead(char[] text, int from, int at, int to, int above);

        /** The greatest length under {@code below} of a cut that ends where the range does, or {@link #NONE}. */
        int behind(char[] text, int from, int to, int below);
    }

    // ---- applying it

    /** Characters with which a cut begins where it is looked for ahead, and with which it ends where behind. */
    CharacterSet key() {
        return key;
    }

    /** Length of the cut that begins at an index, or {@link #NONE}. */
    int ahead(char[] text, int from, int at, int to) {
        if (!fitsBefore(text, from, at)) {
            return NONE;
        }
        int length = body.ahead(text, from, at, to, NONE);
        while (length != NONE && !fitsAfter(text, at + length, to)) {
            length = body.ahead(text, from, at, to, length);
        }
        return length;
    }

    /** Length of the cut that ends where the range does, or {@link #NONE}. */
    int behind(char[] text, int from, int to) {
        int length = body.behind(text, from, to, Integer.MAX_VALUE);
        while (length != NONE && !fitsBefore(text, from, to - length)) {
            length = body.behind(text, from, to, length);
        }
        return length;
    }

    private boolean fitsBefore(char[] text, int from, int at) {
        int end = at;
        for (int i = before.size() - 1; i >= 0; i--) {
            if (end <= from) {
                return false;
            }
            int point = Character.codePointBefore(text, end, from);
            if (!before.get(i).has(point)) {
                return false;
            }
            end -= Character.charCount(point);
        }
        return true;
    }

    private boolean fitsAfter(char[] text, int at, int to) {
        return after == null || (at < to && after.has(Character.codePointAt(text, at, to))) == afterIsWanted;
    }

    // ---- what has to be around the cut

    /** The same rule where these characters are before the cut, the last of them next to it. */
    SpacyRule behindThese(CharacterSet... wanted) {
        return new SpacyRule(key, body, List.of(wanted), after, afterIsWanted);
    }

    /** The same rule where one of these is next to the end of the cut. */
    SpacyRule beforeThese(CharacterSet wanted) {
        return new SpacyRule(key, body, before, wanted, true);
    }

    /** The same rule where none of these is next to the end of the cut. */
    SpacyRule notBefore(CharacterSet unwanted) {
        return new SpacyRule(key, body, before, unwanted, false);
    }

    // ---- what is cut

    private static SpacyRule of(CharacterSet key, Body body) {
        return new SpacyRule(key, body, List.of(), null, true);
    }

    /** One character. */
    static SpacyRule one(CharacterSet set) {
        return of(set, new One(set));
    }

    /** One of some words. */
    static SpacyRule words(Collection<String> words) {
        StringBuilder ends = new StringBuilder();
        words.forEach(word -> ends.append(word.charAt(0)).append(word.charAt(word.length() - 1)));
        return of(CharacterSet.of(ends.toString()), new Words(new WordTable(words)));
    }

    /** Two full stops or more, as many as there are. */
    static SpacyRule stops() {
        return of(CharacterSet.of("."), new Stops());
    }

    /** Nothing: the word is cut in two before one of some characters. */
    static SpacyRule nothing(CharacterSet next) {
        return of(next, new Nothing()).beforeThese(next);
    }

    /** Digits and the degree sign behind them; ahead only. */
    static SpacyRule degrees() {
        return of(CharacterSet.of(SpacyCharacters.DIGIT), new Degrees());
    }

    /** One to three word characters and the dollar sign behind them; ahead only. */
    static SpacyRule dollars() {
        return of(CharacterSet.of(SpacyCharacters.WORD), new Dollars());
    }

    /** Runs of word characters joined by single hyphens, from the beginning of the first run; ahead only. */
    static SpacyRule compounds() {
        return of(CharacterSet.of(SpacyCharacters.WORD), new Compounds());
    }

    private record One(CharacterSet set) implements Body {
        @Override
        public int ahead(char[] text, int from, int at, int to, int above) {
            if (above != NONE) {
                return NONE;
            }
            int point = Character.codePointAt(text, at, to);
            return set.has(point) ? Character.charCount(point) : NONE;
        }

        @Override
        public int behind(char[] text, int from, int to, int below) {
            if (below != Integer.MAX_VALUE) {
                return NONE;
            }
            int point = Character.codePointBefore(text, to, from);
            return set.has(point) ? Character.charCount(point) : NONE;
        }
    }

    private record Words(WordTable table) implements Body {
        @Override
        public int ahead(char[] text, int from, int at, int to, int above) {
            int longest = Math.min(to - at, table.longest());
            for (int length = Math.max(0, above) + 1; length <= longest; length++) {
                if (table.find(text, at, at + length) != WordTable.NONE) {
                    return length;
                }
            }
            return NONE;
        }

        @Override
        public int behind(char[] text, int from, int to, int below) {
            int longest = Math.min(below - 1, Math.min(to - from, table.longest()));
            for (int length = longest; length > 0; length--) {
                if (table.find(text, to - length, to) != WordTable.NONE) {
                    return length;
                }
            }
            return NONE;
        }
    }

    private record Stops() implements Body {
        @Override
        public int ahead(char[] text, int from, int at, int to, int above) {
            int end = at;
            while (end < to && text[end] == '.') {
                end++;
            }
            return end - at > 1 && above == NONE ? end - at : NONE;
        }

        @Override
        public int behind(char[] text, int from, int to, int below) {
            int start = to;
            while (start > from && text[start - 1] == '.') {
                start--;
            }
            return to - start > 1 && below == Integer.MAX_VALUE ? to - start : NONE;
        }
    }

    /** A body that is looked for ahead and has one length. */
    private abstract static class Ahead implements Body {
        @Override
        public int ahead(char[] text, int from, int at, int to, int above) {
            return above == NONE ? ahead(text, from, at, to) : NONE;
        }

        abstract int ahead(char[] text, int from, int at, int to);

        @Override
        public int behind(char[] text, int from, int to, int below) {
            throw new IllegalStateException("this rule is not looked for behind");
        }
    }

    private static final class Nothing extends Ahead {
        @Override
        int ahead(char[] text, int from, int at, int to) {
            return 0;
        }
    }

    private static final class Degrees extends Ahead {
        /** More digits are no prefix, which spaCy does not limit; it keeps the time linear. */
        private static final int MOST_DIGITS = 100;

        @Override
        int ahead(char[] text, int from, int at, int to) {
            int end = at;
            while (end < to && end - at <= MOST_DIGITS && text[end] >= '0' && text[end] <= '9') {
                end++;
            }
            return end > at && end < to && text[end] == '\u00b0' ? end + 1 - at : NONE;
        }
    }

    private static final class Dollars extends Ahead {
        private static final int MOST_LETTERS = 3;

        @Override
        int ahead(char[] text, int from, int at, int to) {
            int end = at;
            for (int letters = 0; letters <= MOST_LETTERS && end < to; letters++) {
                if (text[end] == '$') {
                    return letters > 0 ? end + 1 - at : NONE;
                }
                int point = Character.codePointAt(text, end, to);
                if (!SpacyCharacters.is(point, SpacyCharacters.WORD)) {
                    return NONE;
                }
                end += Character.charCount(point);
            }
            return NONE;
        }
    }

    private static final class Compounds extends Ahead {
        @Override
        int ahead(char[] text, int from, int at, int to) {
            // What does not fit from the beginning of a run does not fit inside of it, and would be read again and
            // again.
            if (at > from && isWord(Character.codePointBefore(text, at, from))) {
                return NONE;
            }
            int first = endOfRun(text, at, to);
            int end = first;
            while (end + 1 < to && text[end] == '-') {
                int next = endOfRun(text, end + 1, to);
                if (next == end + 1) {
                    break;
                }
                end = next;
            }
            return end > first ? end - at : NONE;
        }

        private static int endOfRun(char[] text, int from, int to) {
            int at = from;
            while (at < to) {
                int point = Character.codePointAt(text, at, to);
                if (!isWord(point)) {
                    break;
                }
                at += Character.charCount(point);
            }
            return at;
        }

        private static boolean isWord(int point) {
            return SpacyCharacters.is(point, SpacyCharacters.WORD);
        }
    }
}
