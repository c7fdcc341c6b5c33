package io.peregrine.data.extract;

import io.peregrine.data.text.UnicodeText;
import java.util.Optional;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Presentation MathML (MathML Core and the elements of MathML 3 that pages use) as LaTeX.
 *
 * <p>What has no counterpart is passed over, and its children are taken. One walk, one builder: time is linear in the
 * size of the formula, and depth is that of the parsed page, which is bounded.
 */
final class MathMl {
    private final StringBuilder out = new StringBuilder();

    /** A parenthesis that the command for what it closes brings along. */
    private Optional<Element> passedOver = Optional.empty();

    private MathMl() {}

    /** The LaTeX of a {@code math} element, without signs around it. */
    static String latex(Element math) {
        MathMl converter = new MathMl();
        converter.row(math);
        return converter.out.toString().strip();
    }

    /** Appends a token, set off from a command before it if both are letters. */
    private void put(String token) {
        if (token.isEmpty()) {
            return;
        }
        if (MathMlElements.isLetter(token.charAt(0)) && endsWithCommand()) {
            out.append(' ');
        }
        out.append(token);
    }

    private boolean endsWithCommand() {
        int i = out.length();
        while (i > 0 && MathMlElements.isLetter(out.charAt(i - 1))) {
            i--;
        }
        return i > 0 && i < out.length() && out.charAt(i - 1) == '\\';
    }

    private void row(Element element) {
        for (Node child = element.firstChild(); child != null; child = child.nextSibling()) {
            if (child instanceof Element below) {
                element(below);
            } else if (child instanceof TextNode text && !text.isBlank()) {
                characters(text.text().strip());
            }
        }
    }

    private void element(Element element) {
        if (passedOver.isPresent() && passedOver.get() == element) {
            return;
        }
        switch (MathMlElements.name(element)) {
            case "mi" -> identifier(element);
            case "mn" -> number(element);
            case "mo" -> operator(element);
            case "mtext", "ms" -> text(element);
            case "mspace" -> put(" ");
            case "mfrac" -> fraction(element);
            case "msqrt" -> command("\\sqrt", element);
            case "mroot" -> root(element);
            case "msub" -> scripts(element, 1, -1);
            case "msup" -> scripts(element, -1, 1);
            case "msubsup" -> scripts(element, 1, 2);
            case "munder" -> underOver(element, 1, -1);
            case "mover" -> underOver(element, -1, 1);
            case "munderover" -> underOver(element, 1, 2);
            case "mmultiscripts" -> multiscripts(element);
            case "mtable" -> table(element);
            case "mfenced" -> fenced(element);
            case "menclose" -> enclosed(element);
            case "mphantom" -> command("\\phantom", element);
            case "semantics", "maction" -> child(element, 0);
            case "annotation", "annotation-xml", "none", "mprescripts", "maligngroup", "malignmark" -> {}
            default -> row(element);
        }
    }

    private void child(Element element, int index) {
        if (index < element.childrenSize()) {
            element(element.child(index));
        }
    }

    private void braced(Element element, int index) {
        out.append('{');
        child(element, index);
        out.append('}');
    }

    private void command(String command, Element element) {
        put(command);
        out.append('{');
        row(element);
        out.append('}');
    }

    private void identifier(Element element) {
        String text = element.text().strip();
        String joined = text.replace(" ", "").replace("\u2009", "");
        if (MathSymbols.isFunction(joined)) {
            put("\\" + joined);
            return;
        }
        boolean single = text.codePointCount(0, text.length()) == 1;
        String variant = MathSymbols.variant(element.attr("mathvariant"));
        if (single
                && (variant.isEmpty()
                        || !Character.isLetter(text.codePointAt(0))
                        || MathMlElements.isGreekUpright(text, variant))) {
            characters(text);
        } else if (!text.isEmpty()) {
            String command = variant.isEmpty() ? "\\operatorname" : variant;
            put(MathMlElements.isLatin(text) || !variant.isEmpty() ? command : "");
            out.append('{');
            characters(text);
            out.append('}');
        }
    }

    private void number(Element element) {
        String variant = MathSymbols.variant(element.attr("mathvariant"));
        if (variant.isEmpty() || variant.equals("\\mathrm")) {
            characters(element.text().strip());
        } else {
            put(variant);
            out.append('{');
            characters(element.text().strip());
            out.append('}');
        }
    }

    private void operator(Element element) {
        String text = element.text().strip();
        if (text.length() > 1 && MathMlElements.isLatin(text)) {
            identifier(element);
        } else {
            characters(text);
        }
    }

    private void characters(String text) {
        text.codePoints().forEach(c -> put(MathSymbols.latex(c)));
    }

    private void text(Element element) {
        String text = element.wholeText();
        if (text.isBlank()) {
            put(" ");
            return;
        }
        put("\\text{");
        for (int i = 0; i < text.length(); i++) {
            // White space at the edges separates words from symbols here; InlineText collapses the rest.
            char c = text.charAt(i);
            out.append("#$%&_{}".indexOf(c) >= 0 ? "\\" + c : c == '\\' ? "\\backslash " : String.valueOf(c));
        }
        out.append('}');
    }

    private void fraction(Element element) {
        boolean noLine = MathMlElements.hasNoLine(element);
        if (element.attr("bevelled").equals("true")) {
            child(element, 0);
            put("/");
            child(element, 1);
            return;
        }
        int open = out.length() - 1;
        boolean binomial =
                noLine && open >= 0 && out.charAt(open) == '(' && MathMlElements.isFollowedByParenthesis(element);
        if (binomial) {
            out.setLength(open);
        }
        put(binomial ? "\\binom" : noLine ? "\\genfrac{}{}{0pt}{}" : "\\frac");
        braced(element, 0);
        braced(element, 1);
        if (binomial) {
            passedOver = MathMlElements.following(element);
        }
    }

    private void root(Element element) {
        put("\\sqrt[");
        child(element, 1);
        out.append(']');
        braced(element, 0);
    }

    private void base(Element element) {
        if (element.childrenSize() == 0) {
            return;
        }
        Element base = element.child(0);
        boolean group = MathMlElements.name(base).equals("mrow")
                && base.childrenSize() > 1
                && !MathMlElements.isFence(base.child(0));
        boolean scripted = MathMlElements.name(base).startsWith("msu");
        if (group || scripted) {
            put("{");
            element(base);
            out.append('}');
        } else {
            element(base);
        }
    }

    private void scripts(Element element, int below, int above) {
        base(element);
        script('_', element, below);
        script('^', element, above);
    }

    private void script(char sign, Element element, int index) {
        if (index < 0
                || index >= element.childrenSize()
                || MathMlElements.name(element.child(index)).equals("none")) {
            return;
        }
        String text = element.child(index).text().strip();
        if (sign == '^' && !text.isEmpty() && text.chars().allMatch(c -> c == '\u2032' || c == '\'')) {
            out.append("'".repeat(text.length()));
        } else if (sign == '^' && text.equals("\u2033")) {
            out.append("''");
        } else {
            out.append(sign);
            braced(element, index);
        }
    }

    private void underOver(Element element, int below, int above) {
        if (element.childrenSize() == 0) {
            return;
        }
        Element base = element.child(0);
        String baseText = base.text().strip();
        if (MathMlElements.takesLimits(base)) {
            scripts(element, below, above);
            return;
        }
        String aboveText = above >= 0 && above < element.childrenSize()
                ? element.child(above).text().strip()
                : "";
        String belowText = below >= 0 && below < element.childrenSize()
                ? element.child(below).text().strip()
                : "";
        if (MathMlElements.isArrow(baseText)) {
            put("\u2190\u27F5".contains(baseText) ? "\\xleftarrow" : "\\xrightarrow");
            if (below >= 0) {
                out.append('[');
                child(element, below);
                out.append(']');
            }
            braced(element, above);
            return;
        }
        boolean wide = baseText.codePointCount(0, baseText.length()) > 1;
        String over = MathSymbols.accent(aboveText, wide);
        String under = MathSymbols.accentBelow(belowText);
        if (above >= 0 && over.isEmpty() && MathMlElements.isBrace(base)) {
            element(base);
            script('^', element, above);
        } else if (below >= 0 && under.isEmpty() && MathMlElements.isBrace(base)) {
            element(base);
            script('_', element, below);
        } else {
            accented(element, above, over, "\\overset");
            accented(element, below, under, "\\underset");
            element(base);
            out.append(above >= 0 && below >= 0 ? "}}" : "}");
        }
    }

    /** The command for what stands over or under a base, and the brace that opens before the base. */
    private void accented(Element element, int index, String accent, String otherwise) {
        if (index < 0) {
            return;
        }
        put(accent.isEmpty() ? otherwise : accent);
        if (accent.isEmpty()) {
            braced(element, index);
        }
        out.append('{');
    }

    private void multiscripts(Element element) {
        int pre = element.childrenSize();
        for (int i = 0; i < element.childrenSize(); i++) {
            pre = MathMlElements.name(element.child(i)).equals("mprescripts") ? i : pre;
        }
        if (pre + 1 < element.childrenSize()) {
            put("{}");
            for (int i = pre + 1; i < element.childrenSize(); i += 2) {
                script('_', element, i);
                script('^', element, i + 1);
            }
        }
        base(element);
        for (int i = 1; i < pre; i += 2) {
            script('_', element, i);
            if (i + 1 < pre) {
                script('^', element, i + 1);
            }
        }
    }

    private void table(Element table) {
        put("\\begin{matrix}");
        boolean firstRow = true;
        for (Element row = table.firstElementChild(); row != null; row = row.nextElementSibling()) {
            String name = MathMlElements.name(row);
            if (name.equals("mtr") || name.equals("mlabeledtr")) {
                out.append(firstRow ? " " : " \\\\ ");
                firstRow = false;
                boolean firstCell = true;
                for (Element cell = row.firstElementChild(); cell != null; cell = cell.nextElementSibling()) {
                    if (name.equals("mlabeledtr") && cell.previousElementSibling() == null) {
                        continue;
                    }
                    out.append(firstCell ? "" : " & ");
                    firstCell = false;
                    row(cell);
                }
            }
        }
        out.append(" \\end{matrix}");
    }

    private void fenced(Element element) {
        String separators =
                element.hasAttr("separators") ? element.attr("separators").replace(" ", "") : ",";
        characters(element.hasAttr("open") ? element.attr("open") : "(");
        for (int i = 0; i < element.childrenSize(); i++) {
            if (i > 0 && !separators.isEmpty()) {
                characters(String.valueOf(separators.charAt(Math.min(i - 1, separators.length() - 1))));
            }
            child(element, i);
        }
        characters(element.hasAttr("close") ? element.attr("close") : ")");
    }

    private void enclosed(Element element) {
        String notation = UnicodeText.lower(element.attr("notation"));
        if (notation.contains("box") || notation.contains("circle")) {
            command("\\boxed", element);
        } else if (notation.contains("strike")) {
            command("\\cancel", element);
        } else if (notation.contains("radical")) {
            command("\\sqrt", element);
        } else if (notation.equals("top")) {
            command("\\overline", element);
        } else if (notation.equals("bottom")) {
            command("\\underline", element);
        } else {
            row(element);
        }
    }
}
