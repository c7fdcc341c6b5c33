package io.peregrine.rewrite.cleanup;

import io.peregrine.data.Document;
import io.peregrine.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Structure-preserving clean-up, without any language model: white space in order, broken lines and hyphenated words
 * joined, headings and lists as Markdown, page furniture gone. Words stay as they are and in their order; code, formulas
 * and tables stay to the character. Cleaning up what is clean changes nothing.
 */
public final class CleanUpRewriter implements Rewriter {
    private static final Pattern LINE_END = Pattern.compile("\r\n?");
    /** Zero width space, soft hyphen, byte order mark. Joiners (U+200C, U+200D) are spelling in some scripts. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\u200B\\u00AD\\uFEFF]");

    private static final Pattern BLANKS = Pattern.compile("[ \\t\\u00A0\\u2000-\\u200A\\u202F\\u3000]++");
    private static final Pattern INDENT = Pattern.compile("^ *+");

    @Override
    public String id() {
        return "cleanup@1";
    }

    @Override
    public String rewrite(Document document) {
        return clean(document.text());
    }

    /** The text in order; empty if nothing is left of it. */
    static String clean(String text) {
        String unix = LINE_END.matcher(text).replaceAll("\n");
        LineUnwrapper unwrapper = new LineUnwrapper(unix);
        StringBuilder clean = new StringBuilder(unix.length());
        Block.Kind before = Block.Kind.PARAGRAPH;
        for (Block block : Blocks.of(unix)) {
            List<String> lines = cleaned(block, unwrapper);
            if (lines.isEmpty()) {
                continue;
            }
            boolean listGoesOn = before == Block.Kind.LIST_ITEM && block.kind() == Block.Kind.LIST_ITEM;
            clean.append(clean.isEmpty() ? "" : listGoesOn ? "\n" : "\n\n").append(String.join("\n", lines));
            before = block.kind();
        }
        return clean.toString();
    }

    private static List<String> cleaned(Block block, LineUnwrapper unwrapper) {
        if (block.kind() == Block.Kind.VERBATIM) {
            return block.lines();
        }
        List<String> lines = new ArrayList<>();
        for (String line : block.lines()) {
            String cleaned = cleanedLine(line, block.kind());
            if (!cleaned.isBlank()) {
                lines.add(cleaned);
            }
        }
        if (block.kind() != Block.Kind.LIST_ITEM) {
            return unwrapper.unwrap(lines);
        }
        // An item's own indent is structure; what strip() takes from the joined line is put back.
        String indent = lines.isEmpty() ? "" : " ".repeat(indentOf(lines.get(0)));
        List<String> joined = unwrapper.unwrap(lines);
        return joined.size() == lines.size() ? lines : List.of(indent + joined.get(0));
    }

    /** Inline code and formulas may mean every blank they have, so lines with them are only trimmed. */
    private static String cleanedLine(String line, Block.Kind kind) {
        String visible = INVISIBLE.matcher(line).replaceAll("");
        boolean meant = visible.indexOf('`') >= 0 || visible.indexOf('$') >= 0 || visible.indexOf('\\') >= 0;
        String indent = kind == Block.Kind.LIST_ITEM ? " ".repeat(indentOf(visible)) : "";
        String body = meant ? visible : BLANKS.matcher(visible).replaceAll(" ");
        return indent + body.strip();
    }

    private static int indentOf(String line) {
        var matcher = INDENT.matcher(line);
        return matcher.find() ? matcher.end() : 0;
    }
}
