package io.peregrine.data.extract;

import io.peregrine.data.extract.Block.Kind;
import java.util.List;

/**
 * Writes blocks as text: headings with number signs, items with their markers, cells between bars, listings between
 * fences, an empty line between blocks that do not belong together.
 */
final class BlockText {
    private static final String FENCE = "```";

    private BlockText() {}

    static String write(List<Block> blocks) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < blocks.size(); i++) {
            if (i > 0) {
                text.append(belongTogether(blocks.get(i - 1), blocks.get(i)) ? "\n" : "\n\n");
            }
            append(text, blocks.get(i));
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
                        .append('\n')
                        .append(block.text())
                        .append('\n')
                        .append(fence);
            }
            case PARAGRAPH, TERM, ROW -> text.append(block.text());
        }
    }
}
