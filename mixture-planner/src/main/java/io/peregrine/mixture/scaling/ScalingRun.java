package io.peregrine.mixture.scaling;

import io.peregrine.mixture.fit.RunTable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One run.
 *
 * @param params parameters of the model, N {@code > 0}
 * @param tokens tokens trained on, D {@code > 0}
 * @param uniqueTokens how many of them are no repeats, U, {@code 0 < U <= D}
 * @param loss at the end, {@code > 0}
 */
public record ScalingRun(double params, double tokens, double uniqueTokens, double loss) {
    private static final String PARAMS = "params";
    private static final String TOKENS = "tokens";
    private static final String UNIQUE_TOKENS = "unique-tokens";
    private static final String LOSS = "loss";

    public ScalingRun {
        if (!(params > 0 && tokens > 0 && uniqueTokens > 0 && uniqueTokens <= tokens && loss > 0)) {
            throw new IllegalArgumentException("params %s, tokens %s, unique %s, loss %s: must be > 0, unique <= tokens"
                    .formatted(params, tokens, uniqueTokens, loss));
        }
    }

    /** How often a token is seen again, R; 0 if none is. */
    public double repetitions() {
        return tokens / uniqueTokens - 1;
    }

    /**
     * Reads the columns {@code params}, {@code tokens}, {@code unique-tokens} and {@code loss}.
     *
     * @throws io.peregrine.data.DataException for a number that is not positive, or more unique tokens than tokens
     */
    public static List<ScalingRun> of(RunTable table) {
        return IntStream.range(0, table.rows()).mapToObj(row -> of(table, row)).toList();
    }

    private static ScalingRun of(RunTable table, int row) {
        double tokens = table.positive(row, TOKENS);
        double unique = table.positive(row, UNIQUE_TOKENS);
        if (unique > tokens) {
            throw table.fault(row, UNIQUE_TOKENS, "must be <= tokens, the repeats included", null);
        }
        return new ScalingRun(table.positive(row, PARAMS), tokens, unique, table.positive(row, LOSS));
    }
}
