package io.peregrine.data.extract;

import org.jsoup.nodes.Element;

/** Formulas as LaTeX between dollar signs, where the page brings their LaTeX along. */
final class Formulas {
    private Formulas() {}

    /** Whether an element is a formula: MathML, a MathJax script, or an image of one. */
    static boolean isFormula(Element element) {
        return switch (element.normalName()) {
            case "math" -> true;
            case "script" -> element.attr("type").startsWith("math/tex");
            case "img" -> element.hasAttr("alt") && (element.hasClass("tex") || element.hasClass("latex"));
            default -> false;
        };
    }

    /** The formula in one piece of text. */
    static String latex(Element formula) {
        switch (formula.normalName()) {
            case "script" -> {
                return delimited(formula.data(), formula.attr("type").contains("mode=display"));
            }
            case "img" -> {
                return delimited(formula.attr("alt"), false);
            }
            default -> {
                boolean display = formula.attr("display").equals("block");
                for (Element annotation : formula.getElementsByTag("annotation")) {
                    if (annotation.attr("encoding").contains("tex")) {
                        return delimited(annotation.wholeText(), display);
                    }
                }
                String alternative = formula.attr("alttext");
                return alternative.isBlank() ? formula.text() : delimited(alternative, display);
            }
        }
    }

    private static String delimited(String latex, boolean display) {
        String formula = latex.strip();
        if (formula.isEmpty() || formula.startsWith("$")) {
            return formula;
        }
        return display ? "$$" + formula + "$$" : "$" + formula + "$";
    }
}
