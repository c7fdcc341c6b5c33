package io.peregrine.mixture.optimize;

import io.peregrine.data.config.Key;

/**
 * Which columns of the tables of runs are what.
 *
 * @param index the column by which mixtures and losses are joined
 * @param sources how the columns of weights are named after sources
 * @param losses how the columns of losses are named after targets
 */
public record RunColumns(
        @Key(doc = "column that names the run; joins mixtures and losses")
        String index,

        @Key(doc = "how columns of weights are named; * stands for the source's name")
        String sources,

        @Key(doc = "how columns of losses are named; * stands for the target's name")
        String losses) {
    static final RunColumns DEFAULTS = new RunColumns("index", "weight/*", "loss/*");

    public RunColumns {
        ColumnPattern.of("sources", sources);
        ColumnPattern.of("losses", losses);
    }

    /** The columns of weights. */
    ColumnPattern sourceColumns() {
        return ColumnPattern.of("sources", sources);
    }

    /** The columns of losses. */
    ColumnPattern lossColumns() {
        return ColumnPattern.of("losses", losses);
    }
}
