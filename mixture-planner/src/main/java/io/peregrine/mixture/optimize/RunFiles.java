package io.peregrine.mixture.optimize;

import io.peregrine.data.config.Key;

/**
 * Where results of runs are.
 *
 * @param mixtures the weights of each run
 * @param losses the losses of each run; may be the same table
 */
public record RunFiles(
        @Key(doc = "CSV file or Delta table with the weights of each run")
        String mixtures,

        @Key(doc = "CSV file or Delta table with the losses of each run; may be the same")
        String losses) {}
