package io.peregrine.data.dedup;

import java.io.Serializable;
import java.util.HexFormat;
import java.util.List;

/**
 * Names documents so that of any two, the one with the smaller name is kept.
 *
 * <p>A name is 4 digits of the generation, a part of fixed length for each rule, and the id: names sort as strings, a
 * cluster is named by its smallest, and that needs no second look at sources or scores. Generation 0 is a run by itself; a
 * run {@code against} another has the next one, so that what earlier runs hold is always kept before what is new.
 */
public final class KeepOrder implements Serializable {
    private static final int GENERATION_DIGITS = 4;
    private static final int RANK_DIGITS = 4;
    private static final int ID_CHARACTERS = 32;

    private static final long serialVersionUID = 1;

    private final List<KeepRule> rules;
    private final List<String> sources;
    private final List<String> licences;
    private final int generation;

    public KeepOrder(DedupConfig config, int generation) {
        if (generation < 0 || generation > 9_999) {
            throw new IllegalArgumentException("generation %d: must have at most 4 digits".formatted(generation));
        }
        this.rules = config.keep();
        this.sources = config.sourcePriority();
        this.licences = config.licencePriority();
        this.generation = generation;
    }

    /**
     * The name of a document.
     *
     * @param quality its quality; NaN, where there is none, comes last
     */
    public String name(String id, String source, String licence, double quality) {
        StringBuilder name = new StringBuilder(GENERATION_DIGITS + 16 + 2 * RANK_DIGITS + ID_CHARACTERS);
        name.append(digits(generation, GENERATION_DIGITS));
        for (KeepRule rule : rules) {
            switch (rule) {
                case SOURCE_RANK -> name.append(digits(rank(sources, source), RANK_DIGITS));
                case LICENCE -> name.append(digits(rank(licences, licence), RANK_DIGITS));
                case QUALITY -> name.append(HexFormat.of().toHexDigits(descending(quality)));
            }
        }
        return name.append(id).toString();
    }

    /** The id in a name. */
    public static String id(String name) {
        return name.substring(name.length() - ID_CHARACTERS);
    }

    /** The generation in a name. */
    public static int generation(String name) {
        return Integer.parseInt(name.substring(0, GENERATION_DIGITS));
    }

    private static int rank(List<String> priority, String value) {
        int rank = priority.indexOf(value);
        return rank < 0 ? priority.size() : rank;
    }

    private static String digits(int number, int digits) {
        String plain = Integer.toString(number);
        return "0".repeat(digits - plain.length()) + plain;
    }

    /** 64 bits that sort, as an unsigned number, from the greatest double to the smallest, and NaN behind all. */
    private static long descending(double value) {
        if (Double.isNaN(value)) {
            return -1L;
        }
        long bits = Double.doubleToLongBits(value + 0.0);
        long ascending = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
        return ~ascending;
    }
}
