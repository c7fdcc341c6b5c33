package io.peregrine.data.extract;

import io.peregrine.data.extract.Block.Kind;
import java.util.List;

/**
 * Writes blocks as text: headings with number signs, items with their markers, cells between bars, listings between
 * fences, quotes behind angle brackets, an empty line between blocks that do not belong together.
 */
final class BlockText {
    private static final String FENCE = "```";
    private static final String QUOTE = "> ";

    private BlockText() {}

    static String write(List<Block> blocks) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (i > 0) {
                boolean together = belongTogether(blocks.get(i - 1), block);
                boolean oneQuote = block.quoted() && blocks.get(i - 1).quoted();
                text.append(together ? "\n" : oneQuote ? "\n>\n" : "\n\n");
            }
            int start = text.length();
            append(text, block);
            if (block.quoted()) {
                String quoted = QUOTE + text.substring(start).replace("\n", "\n" + QUOTE);
                text.setLength(start);
                text.append(quoted);
            }
        }
        return text.toString();
    }

    private static boolean belongTogether(Block first, Block second) {
        return switch (second.kind()) {
            case ITEM, ROW -> first.kind() == second.kind() && first.group() == second.group();
            case TERM -> first.kind() == Kind.DEFINITION;
            case DEFINITION -> first.kind() == Kind.TERM || first.kind() == Kind.DEFINITION;
            case PARAGRAPH, HEADING, CODE -> false;
        };
    }

    private static void append(StringBuilder text, Block block) {
        switch (block.kind()) {
            case HEADING ->
                text.append("#".repeat(block.level()))
                        .append(' ')
                        .append(block.text().replace('\n', ' '));
            case ITEM -> {
                String indent = "  ".repeat(Math.max(block.level() - 1, 0));
                String below = "\n" + indent + " ".repeat(block.marker().length());
                text.append(indent).append(block.marker()).append(block.text().replace("\n", below));
            }
            case DEFINITION -> text.append("- ").append(block.text().replace("\n", "\n  "));
            case CODE -> {
                String fence = block.text().contains(FENCE) ? "~~~~" : FENCE;
                text.append(fence)
                        .append(block.marker())
                        .append('\n')
                        .append(block.text())
                        .append('\n')
                        .append(fence);
            }
            case PARAGRAPH, TERM, ROW -> text.append(block.text());
        }
    }
}
