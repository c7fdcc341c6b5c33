package io.peregrine.data.code.licence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A licence expression of SPDX 2.3, annex D: {@code MIT}, {@code Apache-2.0 WITH LLVM-exception}, {@code (MIT OR
 * GPL-2.0-or-later) AND BSD-3-Clause}.
 */
public sealed interface SpdxExpression {
    /** A licence of its own, perhaps with an exception; a {@code +} at its end is kept in the id. */
    record Licence(String id, String exception) implements SpdxExpression {
        @Override
        public boolean satisfiable(Predicate<String> accepted) {
            return accepted.test(id);
        }

        @Override
        public String toString() {
            return exception.isEmpty() ? id : id + " WITH " + exception;
        }
    }

    /** All of them hold. */
    record And(List<SpdxExpression> parts) implements SpdxExpression {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean satisfiable(Predicate<String> accepted) {
            return parts.stream().allMatch(part -> part.satisfiable(accepted));
        }

        @Override
        public String toString() {
            return joined(" AND ", parts);
        }
    }

    /** One of them may be chosen. */
    record Or(List<SpdxExpression> parts) implements SpdxExpression {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean satisfiable(Predicate<String> accepted) {
            return parts.stream().anyMatch(part -> part.satisfiable(accepted));
        }

        @Override
        public String toString() {
            return joined(" OR ", parts);
        }
    }

    /** Whether there is a choice all of whose licences are accepted. */
    boolean satisfiable(Predicate<String> accepted);

    /** Reads an expression; empty for what is none. Operators may be in lower case, as in much that is written. */
    static Optional<SpdxExpression> parse(String text) {
        return new SpdxParser(text).parse();
    }

    /** The licences that hold together: sorted, each once, {@code A AND (B OR C)}. Texts that are no expression are left out. */
    static String allOf(List<String> expressions) {
        return all(expressions, " AND ");
    }

    /** The licences among which there is a choice: sorted, each once, {@code A OR B}. */
    static String anyOf(List<String> expressions) {
        return all(expressions, " OR ");
    }

    private static String all(List<String> expressions, String operator) {
        TreeSet<String> parts = new TreeSet<>();
        for (String expression : expressions) {
            parse(expression).ifPresent(parsed -> parts.addAll(parts(parsed, operator)));
        }
        List<String> grouped = new ArrayList<>();
        for (String part : parts) {
            boolean group = parts.size() > 1 && (part.contains(" OR ") || part.contains(" AND "));
            grouped.add(group ? "(" + part + ")" : part);
        }
        return String.join(operator, grouped);
    }

    private static List<String> parts(SpdxExpression expression, String operator) {
        if (expression instanceof And and && operator.equals(" AND ")) {
            return and.parts().stream().map(Object::toString).toList();
        }
        if (expression instanceof Or or && operator.equals(" OR ")) {
            return or.parts().stream().map(Object::toString).toList();
        }
        return List.of(expression.toString());
    }

    private static String joined(String operator, List<SpdxExpression> parts) {
        List<String> words = new ArrayList<>();
        for (SpdxExpression part : parts) {
            words.add(part instanceof Licence ? part.toString() : "(" + part + ")");
        }
        return String.join(operator, words);
    }
}
