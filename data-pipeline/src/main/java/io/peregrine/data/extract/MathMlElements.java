package io.peregrine.data.extract;

import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;

/** What can be told of an element of MathML by looking at it and its neighbours. */
final class MathMlElements {
    private static final Set<String> LIMITS = Set.of(
            "\u2211", "\u220F", "\u2210", "\u22C3", "\u22C2", "\u2A06", "\u22C1", "\u22C0", "\u2A01", "\u2A02",
            "\u2A00", "\u222B", "\u222C", "\u222D", "\u222E", "lim", "limsup", "liminf", "lim sup", "lim inf", "sup",
            "inf", "max", "min", "det", "gcd", "Pr", "argmax", "argmin", "arg max", "arg min");
    private static final Set<String> ARROWS = Set.of("\u2192", "\u27F6", "\u2190", "\u27F5", "\u21D2", "\u2194");

    private static final Pattern NO_LINE = Pattern.compile("0(\\.0*)?(px|pt|em|ex|cm|%)?");

    private MathMlElements() {}

    /** The element's name without a namespace's prefix. */
    static String name(Element element) {
        String name = element.normalName();
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(colon + 1);
    }

    /** An ASCII letter: what a command's name is made of. */
    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Capital Greek letters are upright by themselves. */
    static boolean isGreekUpright(String text, String variant) {
        return variant.equals("\\mathrm") && !isLetter(text.charAt(0));
    }

    /** Whether a text could be a word of a formula, such as {@code lim inf}. */
    static boolean isLatin(String text) {
        return text.chars().allMatch(c -> isLetter((char) c) || c == ' ' || c == '-');
    }

    /** The element behind this one, or behind what it is the last part of. */
    static Optional<Element> following(Element element) {
        Element last = element;
        while (last.nextElementSibling() == null
                && last.parent() != null
                && (name(last.parent()).equals("mrow") || name(last.parent()).equals("mstyle"))) {
            last = last.parent();
        }
        return Optional.ofNullable(last.nextElementSibling());
    }

    /** Whether a closing parenthesis is behind it. */
    static boolean isFollowedByParenthesis(Element element) {
        return following(element)
                .filter(next -> name(next).equals("mo") && next.text().strip().equals(")"))
                .isPresent();
    }

    /** In {@code (x+y)^2} the script stands at the parenthesis; no braces are written around it. */
    static boolean isFence(Element element) {
        return name(element).equals("mo")
                && "([{|\u2016\u27E8\u2329\u230A\u2308".contains(element.text().strip());
    }

    /** Whether what stands over and under an element are its limits, as those of a sum. */
    static boolean takesLimits(Element base) {
        return LIMITS.contains(base.text().strip()) || (name(base).equals("munder") && isLimit(base));
    }

    private static boolean isLimit(Element under) {
        return under.childrenSize() > 0 && LIMITS.contains(under.child(0).text().strip());
    }

    /** Whether a text is an arrow that grows with what is written over it. */
    static boolean isArrow(String text) {
        return ARROWS.contains(text);
    }

    /** A brace over or under something, to which a label belongs. */
    static boolean isBrace(Element base) {
        return (name(base).equals("mover") || name(base).equals("munder"))
                && base.childrenSize() == 2
                && "\u23DE\uFE37\u23DF\uFE38".contains(base.child(1).text().strip())
                && !base.child(1).text().isBlank();
    }

    /** Whether a fraction has no line, as binomial coefficients do. */
    static boolean hasNoLine(Element fraction) {
        return NO_LINE.matches(fraction.attr("linethickness").strip());
    }
}
