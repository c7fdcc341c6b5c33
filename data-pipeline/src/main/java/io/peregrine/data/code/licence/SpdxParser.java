package io.peregrine.data.code.licence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recursive descent over a bounded expression: {@code or := and (OR and)*; and := simple (AND simple)*}. */
final class SpdxParser {
    private static final int LENGTH_MAX = 2000;
    private static final int DEPTH_MAX = 20;

    private final List<String> tokens = new ArrayList<>();
    private boolean valid;
    private int at;

    SpdxParser(String text) {
        valid = text.length() <= LENGTH_MAX;
        String spaced = valid ? text.replace("(", " ( ").replace(")", " ) ").strip() : "";
        for (String token : spaced.split("\\s+")) {
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
    }

    Optional<SpdxExpression> parse() {
        if (!valid || tokens.isEmpty()) {
            return Optional.empty();
        }
        SpdxExpression expression = or(0);
        return valid && at == tokens.size() ? Optional.of(expression) : Optional.empty();
    }

    private SpdxExpression or(int depth) {
        List<SpdxExpression> parts = new ArrayList<>();
        parts.add(and(depth));
        while (valid && take("OR")) {
            parts.add(and(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new SpdxExpression.Or(parts);
    }

    private SpdxExpression and(int depth) {
        List<SpdxExpression> parts = new ArrayList<>();
        parts.add(simple(depth));
        while (valid && take("AND")) {
            parts.add(simple(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new SpdxExpression.And(parts);
    }

    private SpdxExpression simple(int depth) {
        if (depth < DEPTH_MAX && take("(")) {
            SpdxExpression inside = or(depth + 1);
            valid &= take(")");
            return inside;
        }
        String id = id();
        return new SpdxExpression.Licence(id, valid && take("WITH") ? id() : "");
    }

    private String id() {
        String token = at < tokens.size() ? tokens.get(at) : "";
        String upper = token.toUpperCase(Locale.ROOT);
        boolean operator = upper.equals("AND") || upper.equals("OR") || upper.equals("WITH");
        valid &= !operator && token.matches("[A-Za-z0-9][A-Za-z0-9.:-]*\\+?");
        at++;
        return token;
    }

    private boolean take(String token) {
        boolean there = at < tokens.size() && tokens.get(at).equalsIgnoreCase(token);
        at += there ? 1 : 0;
        return there;
    }
}
