package io.peregrine.report;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.List;

/**
 * The section {@code report} of a run file.
 *
 * @param prompts none empty
 * @param sampleTokens at least 1
 */
public record ReportConfig(
        @Key(doc = "texts that the trained model continues in the report; none for no sample")
        List<String> prompts,

        @Key(unit = "tokens", doc = "longest continuation of a prompt")
        int sampleTokens) {
    static final ReportConfig DEFAULTS = new ReportConfig(List.of("Returns the ", "public static ", "The sum of "), 80);

    public ReportConfig {
        prompts = List.copyOf(prompts);
        if (prompts.contains("")) {
            throw new ConfigException("prompts", prompts, "must not have an empty text");
        }
        if (sampleTokens < 1) {
            throw new ConfigException("sample-tokens", sampleTokens, "must be >= 1 token");
        }
    }
}
