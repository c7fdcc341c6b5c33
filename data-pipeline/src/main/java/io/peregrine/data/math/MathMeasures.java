package io.peregrine.data.math;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What in a text speaks of mathematics, counted in one pass over its words and its formulas.
 *
 * @param words all words, symbols included
 * @param characters code points that are not whitespace
 * @param formulas delimited LaTeX formulas
 * @param formulaCharacters UTF-16 units inside formulas, delimiters included
 * @param commands LaTeX commands of mathematics, such as {@code \frac}, inside formulas or not
 * @param symbols mathematical symbols of Unicode beyond ASCII, and Greek letters that stand alone
 * @param vocabulary English words of mathematics
 * @param relations signs {@code =}, {@code <}, {@code >} between operands
 * @param paragraphs blocks between empty lines
 * @param mathParagraphs of these, those with a formula, a command, or at least two symbols
 */
record MathMeasures(
        long words,
        long characters,
        long formulas,
        long formulaCharacters,
        long commands,
        long symbols,
        long vocabulary,
        long relations,
        long paragraphs,
        long mathParagraphs) {
    /** Commands that are written for mathematics and hardly for anything else. */
    private static final Set<String> COMMANDS = Set.copyOf(List.of(
            "frac",
            "dfrac",
            "tfrac",
            "sqrt",
            "sum",
            "prod",
            "int",
            "oint",
            "lim",
            "infty",
            "partial",
            "nabla",
            "cdot",
            "cdots",
            "ldots",
            "times",
            "leq",
            "geq",
            "neq",
            "le",
            "ge",
            "ne",
            "approx",
            "equiv",
            "sim",
            "simeq",
            "cong",
            "subset",
            "subseteq",
            "supset",
            "cup",
            "cap",
            "in",
            "notin",
            "forall",
            "exists",
            "to",
            "mapsto",
            "rightarrow",
            "Rightarrow",
            "Leftrightarrow",
            "iff",
            "implies",
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "varepsilon",
            "zeta",
            "eta",
            "theta",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "phi",
            "varphi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Sigma",
            "Phi",
            "Psi",
            "Omega",
            "mathbb",
            "mathcal",
            "mathfrak",
            "mathrm",
            "mathbf",
            "operatorname",
            "left",
            "right",
            "binom",
            "pmod",
            "log",
            "ln",
            "exp",
            "sin",
            "cos",
            "tan",
            "det",
            "dim",
            "ker",
            "begin",
            "overline",
            "hat",
            "bar",
            "vec",
            "tilde",
            "langle",
            "rangle",
            "otimes",
            "oplus",
            "wedge",
            "vee",
            "neg",
            "pm",
            "mp",
            "circ",
            "ell",
            "hbar",
            "emptyset",
            "varnothing",
            "quad",
            "text"));

    private static final Set<String> VOCABULARY = Set.copyOf(List.of(
            "theorem",
            "theorems",
            "lemma",
            "proof",
            "corollary",
            "proposition",
            "axiom",
            "conjecture",
            "equation",
            "equations",
            "polynomial",
            "polynomials",
            "integer",
            "integers",
            "integral",
            "derivative",
            "matrix",
            "matrices",
            "vector",
            "vectors",
            "scalar",
            "eigenvalue",
            "eigenvalues",
            "determinant",
            "subset",
            "bijection",
            "injective",
            "surjective",
            "isomorphism",
            "homomorphism",
            "topology",
            "manifold",
            "differentiable",
            "continuous",
            "converges",
            "convergence",
            "divisor",
            "modulo",
            "coefficient",
            "coefficients",
            "exponent",
            "logarithm",
            "algebra",
            "algebraic",
            "geometry",
            "calculus",
            "arithmetic",
            "numerator",
            "denominator",
            "quotient",
            "triangle",
            "hypotenuse",
            "radius",
            "variance",
            "probability"));

    private static final int LONGEST_WORD = 16;
    private static final int LONGEST_COMMAND = 16;

    static MathMeasures of(String text) {
        Counter counter = new Counter(text);
        counter.formulas();
        counter.words();
        counter.characters();
        return counter.measures();
    }

    double perHundredWords(long count) {
        return words == 0 ? 0 : 100.0 * count / words;
    }

    /** The running counts. */
    private static final class Counter {
        private final String text;
        private long words;
        private long characters;
        private long formulas;
        private long formulaCharacters;
        private long commands;
        private long symbols;
        private long vocabulary;
        private long relations;
        private long paragraphs;
        private long mathParagraphs;
        private boolean paragraphOpen;
        private int paragraphMath;

        Counter(String text) {
            this.text = text;
        }

        MathMeasures measures() {
            return new MathMeasures(
                    words,
                    characters,
                    formulas,
                    formulaCharacters,
                    commands,
                    symbols,
                    vocabulary,
                    relations,
                    paragraphs,
                    mathParagraphs);
        }

        private List<Formulas.Formula> found = List.of();
        private int nextFormula;

        private void formulas() {
            found = Formulas.of(text);
            formulas = found.size();
            found.forEach(formula -> formulaCharacters += formula.end() - formula.start());
        }

        private void words() {
            Words cursor = new Words(text);
            while (cursor.next()) {
                words++;
                int length = cursor.end() - cursor.start();
                if (length <= LONGEST_WORD
                        && length > 4
                        && VOCABULARY.contains(
                                text.substring(cursor.start(), cursor.end()).toLowerCase(Locale.ROOT))) {
                    vocabulary++;
                }
            }
        }

        private void characters() {
            int lineEnds = 0;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                if (c == '\n') {
                    lineEnds++;
                } else if (!CodePoints.is(c, CodePoints.SPACE)) {
                    if (lineEnds >= 2) {
                        closeParagraph();
                    }
                    lineEnds = 0;
                    paragraphOpen = true;
                    visible(c, i);
                }
                i += Character.charCount(c);
            }
            closeParagraph();
        }

        private void visible(int c, int at) {
            characters++;
            if (nextFormula < found.size() && at >= found.get(nextFormula).start()) {
                paragraphMath += 2;
                nextFormula++;
            }
            if (c == '\\') {
                if (command(at + 1)) {
                    commands++;
                    paragraphMath += 2;
                }
            } else if (c == '=' || c == '<' || c == '>') {
                relations += between(at) ? 1 : 0;
            } else if (c > 0x7F && symbol(c, at)) {
                symbols++;
                paragraphMath++;
            }
        }

        /** Whether something to compare stands on both sides, as in {@code x = 2} and unlike an arrow or a tag. */
        private boolean between(int at) {
            int before = at - 1;
            int after = at + 1;
            while (before >= 0 && text.charAt(before) == ' ') {
                before--;
            }
            while (after < text.length() && text.charAt(after) == ' ') {
                after++;
            }
            return before >= 0 && after < text.length() && operand(text.charAt(before)) && operand(text.charAt(after));
        }

        private static boolean operand(char c) {
            return Character.isLetterOrDigit(c) || c == '(' || c == ')' || c == '\\' || c == '}';
        }

        private boolean command(int from) {
            int end = from;
            while (end < text.length() && end - from <= LONGEST_COMMAND && isLetter(text.charAt(end))) {
                end++;
            }
            return end > from && COMMANDS.contains(text.substring(from, end));
        }

        private static boolean isLetter(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }

        private boolean symbol(int c, int at) {
            if (UCharacter.getType(c) == UCharacterCategory.MATH_SYMBOL) {
                return true;
            }
            boolean greek = c >= 0x391 && c <= 0x3C9;
            int end = at + Character.charCount(c);
            return greek
                    && (at == 0 || !Character.isLetter(text.charAt(at - 1)))
                    && (end >= text.length() || !Character.isLetter(text.charAt(end)));
        }

        private void closeParagraph() {
            if (paragraphOpen) {
                paragraphs++;
                mathParagraphs += paragraphMath >= 2 ? 1 : 0;
            }
            paragraphOpen = false;
            paragraphMath = 0;
        }
    }
}
