package io.peregrine.data.extract;

import com.google.re2j.Pattern;
import io.peregrine.data.text.UnicodeText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * Formulas as LaTeX between dollar signs, wherever a page carries them: MathJax sources, TeX annotations, alternative
 * texts, MathML itself, KaTeX and MediaWiki elements, images made from LaTeX.
 *
 * <p>Formulas that stand in the text between delimiters of their own are text, and stay as they are.
 */
final class Formulas {
    /** Parts of the addresses of services that draw LaTeX. */
    private static final List<String> DRAWERS = List.of(
            "latex.codecogs.com",
            "codecogs.com/",
            "latex.php",
            "mimetex",
            "mathtex",
            "tex.cgi",
            "latex.cgi",
            "chart.googleapis.com/chart?cht=tx",
            "/latex?",
            "texrendr",
            "quicklatex");

    private static final Pattern LINE_JOIN = Pattern.compile("([^\\\\]|^)%[ \t]*\r?\n[ \t]*");

    private static final int URL_CHARS_MAX = 8000;

    private Formulas() {}

    /** Whether an element is a formula, or what a script has drawn for one. */
    static boolean isFormula(Element element) {
        return switch (element.normalName()) {
            case "math" -> true;
            case "script" -> element.attr("type").startsWith("math/tex");
            case "img" -> isImage(element);
            case "mjx-container" -> true;
            case "span", "div", "p" -> element.attributesSize() > 0 && isDrawn(element);
            default -> false;
        };
    }

    private static boolean isImage(Element image) {
        return (image.hasAttr("alt") && isTexClass(image))
                || (image.hasAttr("src") && drawn(image.attr("src")).isPresent());
    }

    private static boolean isTexClass(Element image) {
        if (!image.hasAttr("class")) {
            return false;
        }
        return image.hasClass("tex")
                || image.hasClass("latex")
                || image.hasClass("mathtex")
                || image.hasClass("ql-img-inline-formula")
                || image.hasClass("ql-img-displayed-equation")
                || image.className().contains("mwe-math-fallback-image");
    }

    private static boolean isDrawn(Element element) {
        if (element.hasAttr("data-expr") || element.hasAttr("data-mathml")) {
            return true;
        }
        if (!element.hasAttr("class")) {
            return false;
        }
        return element.hasClass("katex")
                || element.hasClass("katex-display")
                || element.hasClass("mwe-math-element")
                || element.hasClass("wp-katex-eq")
                || element.hasClass("MathJax")
                || element.hasClass("MathJax_Preview")
                || element.hasClass("MathJax_Display")
                || element.hasClass("MathJax_SVG")
                || element.hasClass("MathJax_SVG_Display")
                || element.hasClass("MathJax_CHTML")
                || element.hasClass("MJXc-display");
    }

    /** The formula in one piece of text; empty for what a script has drawn beside the source that is still there. */
    static String latex(Element formula) {
        return switch (formula.normalName()) {
            case "script" -> delimited(formula.data(), formula.attr("type").contains("mode=display"));
            case "img" -> image(formula);
            case "math" -> math(formula, formula.attr("display").equals("block"));
            default -> drawnBy(formula);
        };
    }

    private static String image(Element image) {
        boolean display = image.className().contains("display");
        Optional<String> fromUrl = drawn(image.attr("src"));
        String alternative = image.attr("alt");
        if (fromUrl.isPresent() && !looksLikeLatex(alternative)) {
            return delimited(fromUrl.get(), display);
        }
        return delimited(alternative, display);
    }

    private static boolean looksLikeLatex(String text) {
        return text.indexOf('\\') >= 0 || text.indexOf('^') >= 0 || text.indexOf('_') >= 0 || text.indexOf('=') >= 0;
    }

    /** The LaTeX in the address of an image that a service draws. */
    private static Optional<String> drawn(String url) {
        int query = url.indexOf('?');
        if (query < 0 || url.length() > URL_CHARS_MAX || url.startsWith("data:")) {
            return Optional.empty();
        }
        String lower = UnicodeText.lower(url);
        if (DRAWERS.stream().noneMatch(lower::contains)) {
            return Optional.empty();
        }
        String latex = url.substring(query + 1);
        for (String part : latex.split("&", -1)) {
            for (String key : List.of("latex=", "tex=", "eq=", "formula=", "chl=")) {
                if (part.startsWith(key)) {
                    latex = part.substring(key.length());
                }
            }
        }
        try {
            String decoded = URLDecoder.decode(latex.replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.isBlank() ? Optional.empty() : Optional.of(decoded);
        } catch (IllegalArgumentException e) {
            // A percent sign of LaTeX that the page forgot to encode.
            return Optional.of(latex);
        }
    }

    private static String math(Element math, boolean display) {
        for (Element annotation : math.getElementsByTag("annotation")) {
            if (UnicodeText.lower(annotation.attr("encoding")).contains("tex")) {
                return delimited(annotation.wholeText(), display);
            }
        }
        String alternative = math.attr("alttext");
        return delimited(alternative.isBlank() ? MathMl.latex(math) : alternative, display);
    }

    private static String drawnBy(Element drawn) {
        boolean display =
                drawn.className().contains("isplay") || drawn.attr("display").equals("true");
        if (drawn.hasAttr("data-expr")) {
            return delimited(drawn.attr("data-expr"), display);
        }
        if (drawn.hasClass("wp-katex-eq")) {
            return delimited(drawn.text(), drawn.attr("data-display").equals("true"));
        }
        Element math = drawn.selectFirst("math");
        if (math != null) {
            return isSourceBeside(drawn)
                    ? ""
                    : math(math, display || math.attr("display").equals("block"));
        }
        Element image = drawn.selectFirst("img[alt]");
        if (image != null) {
            return image(image);
        }
        if (drawn.hasAttr("data-mathml") && !isSourceBeside(drawn)) {
            Element parsed = Jsoup.parse(drawn.attr("data-mathml")).selectFirst("math");
            return parsed == null ? "" : math(parsed, display);
        }
        return "";
    }

    /** MathJax 2 leaves the script that holds the source right behind what it draws. */
    private static boolean isSourceBeside(Element drawn) {
        Element next = drawn.nextElementSibling();
        for (int i = 0; i < 2 && next != null; i++) {
            if (next.normalName().equals("script") && isFormula(next)) {
                return true;
            }
            next = next.nextElementSibling();
        }
        Element parent = drawn.parent();
        return parent != null && parent.hasClass("MathJax_Display") && isSourceBeside(parent);
    }

    /** Whether a table is there to align an equation: each of its rows is one formula. */
    static boolean isEquationTable(Element table) {
        return table.hasAttr("class")
                && (table.hasClass("ltx_equation")
                        || table.hasClass("ltx_eqn_table")
                        || table.hasClass("ltx_equationgroup"));
    }

    /** The formulas of a row of an equation, as one; empty if there is none. */
    static String row(Element row) {
        StringBuilder latex = new StringBuilder();
        for (Element math : row.getElementsByTag("math")) {
            latex.append(undelimited(math(math, false))).append(' ');
        }
        return delimited(latex.toString(), true);
    }

    private static String undelimited(String formula) {
        return formula.length() > 2 && formula.startsWith("$") ? formula.substring(1, formula.length() - 1) : formula;
    }

    private static String delimited(String latex, boolean display) {
        String formula = latex.strip();
        if (formula.indexOf('%') >= 0) {
            // LaTeXML breaks long lines so: a comment sign at the end joins them.
            formula = LINE_JOIN.matcher(formula).replaceAll("$1");
        }
        if (formula.startsWith("{\\displaystyle") && formula.endsWith("}")) {
            // MediaWiki puts every formula into these braces.
            formula = formula.substring(1, formula.length() - 1);
        }
        if (formula.startsWith("\\displaystyle")) {
            formula = formula.substring("\\displaystyle".length()).strip();
        }
        if (formula.isEmpty() || formula.startsWith("$") || formula.startsWith("\\(") || formula.startsWith("\\[")) {
            return formula;
        }
        return display ? "$$" + formula + "$$" : "$" + formula + "$";
    }
}
