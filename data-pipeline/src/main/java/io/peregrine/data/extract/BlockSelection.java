package io.peregrine.data.extract;

import io.peregrine.data.extract.Block.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the blocks that read like text: few links, whole sentences, in the company of others like them.
 *
 * <p>Short blocks are decided by their neighbours, an idea of jusText (Pomikalek 2011), here without its word lists.
 * Headings and terms stay if what they introduce stays.
 */
final class BlockSelection {
    private static final double LINK_DENSITY_MAX = 0.5;
    /** Lists and tables are judged as wholes; a menu is nearly all links, a list of references is not. */
    private static final double GROUP_LINK_DENSITY_MAX = 0.6;

    /** In scripts without spaces a character says more; sentences of 20 ideographs are long. */
    private static final int LONG_CHARS = 80;

    private static final int LONG_CHARS_CJK = 25;
    private static final int SHORT_CHARS = 30;
    private static final int SHORT_CHARS_CJK = 10;
    private static final String SENTENCE_ENDS = ".!?:;\u2026\u3002\uff01\uff1f\u06d4\u061f\u0964\"'\u201d\u00bb)$";

    /** Sentences that end so are text even if they are short and stand at the edge; a question there is an invitation. */
    private static final String LABEL_ENDS = ".!\u2026\u06d4\u0964\"\u201d\u201c\u00bb";

    private static final int LABEL_CHARS_MAX = 40;

    /** An announcement of other pages ends the text if so much of it stands before. */
    private static final double END_SHARE_MIN = 0.65;

    private static final long END_CHARS_MIN = 150;

    private static final int LEAD_CHARS_MIN = 50;
    private static final int LEAD_BLOCKS_MAX = 3;
    private static final double LEAD_LINK_DENSITY_MAX = 0.2;

    private enum Quality {
        GOOD,
        SHORT,
        BAD
    }

    private BlockSelection() {}

    /**
     * The blocks to keep, in order.
     *
     * @param marked whether the page itself marks these blocks as its content; then short ones need no neighbours
     */
    static List<Block> select(List<Block> blocks, boolean marked) {
        Map<Integer, int[]> groups = groups(blocks);
        List<Quality> qualities = new ArrayList<>(blocks.size());
        for (Block block : blocks) {
            qualities.add(quality(block, groups, marked));
        }
        BitSet kept = byNeighbours(qualities, blocks);
        cutStock(blocks, kept);
        trimEnds(blocks, kept);
        dropEmptyHeadings(blocks, kept);
        List<Block> selected = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (kept.get(i)) {
                selected.add(blocks.get(i));
            }
        }
        return selected;
    }

    /** Of the blocks between a title and the main text, those that introduce it. */
    static List<Block> lead(List<Block> blocks) {
        return blocks.stream()
                .filter(block -> block.kind() == Kind.PARAGRAPH || block.kind() == Kind.HEADING)
                .filter(block -> block.chars() >= LEAD_CHARS_MIN && block.linkDensity() <= LEAD_LINK_DENSITY_MAX)
                .limit(LEAD_BLOCKS_MAX)
                .toList();
    }

    /**
     * Drops lines that serve the page, and everything behind the announcement of related pages or comments where most of
     * the text stands before it.
     */
    private static void cutStock(List<Block> blocks, BitSet kept) {
        long all = 0;
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            all += blocks.get(i).chars();
        }
        long before = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            StockPhrases.Use use = block.kind() == Kind.CODE || block.kind() == Kind.ROW
                    ? StockPhrases.Use.NONE
                    : StockPhrases.of(block.text());
            if (use == StockPhrases.Use.ENDS && before >= END_SHARE_MIN * all && before >= END_CHARS_MIN) {
                kept.clear(i, blocks.size());
                return;
            }
            if (use != StockPhrases.Use.NONE) {
                kept.clear(i);
            }
            before += kept.get(i) ? block.chars() : 0;
        }
    }

    /** Short lines before the first paragraph and behind the last are dates, bylines, labels. */
    private static void trimEnds(List<Block> blocks, BitSet kept) {
        int first = -1;
        int last = -1;
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            if (blocks.get(i).kind() != Kind.HEADING && blocks.get(i).chars() >= LONG_CHARS) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        if (first < 0) {
            return;
        }
        for (int i = 0; i < blocks.size(); i++) {
            if ((i < first || i > last) && kept.get(i) && isLabel(blocks.get(i))) {
                kept.clear(i);
            }
        }
    }

    private static boolean isLabel(Block block) {
        return block.kind() == Kind.PARAGRAPH
                && block.chars() < LABEL_CHARS_MAX
                && !isDense(block)
                && block.text().indexOf('$') < 0
                && LABEL_ENDS.indexOf(block.text().charAt(block.text().length() - 1)) < 0;
    }

    private static Map<Integer, int[]> groups(List<Block> blocks) {
        Map<Integer, int[]> groups = new HashMap<>();
        for (Block block : blocks) {
            if (block.group() != 0) {
                int[] sum = groups.computeIfAbsent(block.group(), g -> new int[2]);
                sum[0] += block.chars();
                sum[1] += block.linkChars();
            }
        }
        return groups;
    }

    private static Quality quality(Block block, Map<Integer, int[]> groups, boolean marked) {
        if (block.kind() == Kind.CODE) {
            return Quality.GOOD;
        }
        if (block.group() != 0) {
            int[] sum = groups.get(block.group());
            if (sum[1] > GROUP_LINK_DENSITY_MAX * sum[0]) {
                return Quality.BAD;
            }
        }
        boolean inGroup = block.kind() == Kind.ROW || block.kind() == Kind.ITEM;
        if (!inGroup && block.linkDensity() > LINK_DENSITY_MAX) {
            return Quality.BAD;
        }
        if (marked && block.linkDensity() <= LINK_DENSITY_MAX) {
            return Quality.GOOD;
        }
        boolean dense = isDense(block);
        if (block.chars() >= (dense ? LONG_CHARS_CJK : LONG_CHARS)) {
            return Quality.GOOD;
        }
        if (block.chars() >= (dense ? SHORT_CHARS_CJK : SHORT_CHARS) && endsSentence(block.text())) {
            return Quality.GOOD;
        }
        return Quality.SHORT;
    }

    private static boolean isDense(Block block) {
        long ideographs =
                block.text().codePoints().filter(BlockSelection::isDense).count();
        return ideographs * 3 > block.chars();
    }

    private static boolean isDense(int codePoint) {
        Character.UnicodeScript script = Character.UnicodeScript.of(codePoint);
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA
                || script == Character.UnicodeScript.HANGUL
                || script == Character.UnicodeScript.THAI;
    }

    private static boolean endsSentence(String text) {
        return SENTENCE_ENDS.indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    /** A short block stays between two good ones, and beside one where a heading or list holds them together. */
    private static BitSet byNeighbours(List<Quality> qualities, List<Block> blocks) {
        int n = blocks.size();
        boolean[] goodBefore = new boolean[n];
        boolean[] goodAfter = new boolean[n];
        Quality last = Quality.BAD;
        for (int i = 0; i < n; i++) {
            goodBefore[i] = last == Quality.GOOD;
            last = qualities.get(i) == Quality.SHORT ? last : qualities.get(i);
        }
        last = Quality.BAD;
        for (int i = n - 1; i >= 0; i--) {
            goodAfter[i] = last == Quality.GOOD;
            last = qualities.get(i) == Quality.SHORT ? last : qualities.get(i);
        }
        BitSet kept = new BitSet(n);
        for (int i = 0; i < n; i++) {
            boolean introduces =
                    blocks.get(i).kind() == Kind.HEADING || blocks.get(i).kind() == Kind.TERM;
            boolean shortKept = introduces ? goodAfter[i] : goodBefore[i] && goodAfter[i];
            kept.set(i, qualities.get(i) == Quality.GOOD || (qualities.get(i) == Quality.SHORT && shortKept));
        }
        return kept;
    }

    /** From the end: a heading needs a kept block before the next heading of its level or above, a term a definition. */
    private static void dropEmptyHeadings(List<Block> blocks, BitSet kept) {
        int keptBelow = 0;
        boolean definitionFollows = false;
        boolean contentFollows = false;
        for (int i = blocks.size() - 1; i >= 0; i--) {
            Block block = blocks.get(i);
            if (block.kind() == Kind.TERM) {
                kept.set(i, kept.get(i) && definitionFollows);
                definitionFollows = kept.get(i) && isTerm(blocks, i - 1);
                contentFollows |= kept.get(i);
            } else if (block.kind() == Kind.HEADING) {
                kept.set(i, kept.get(i) && (contentFollows || keptBelow > block.level()));
                keptBelow = kept.get(i) ? block.level() : keptBelow;
                contentFollows &= !kept.get(i);
                definitionFollows = false;
            } else if (kept.get(i)) {
                contentFollows = true;
                definitionFollows = block.kind() == Kind.DEFINITION;
            }
        }
    }

    private static boolean isTerm(List<Block> blocks, int i) {
        return i >= 0 && blocks.get(i).kind() == Kind.TERM;
    }
}
