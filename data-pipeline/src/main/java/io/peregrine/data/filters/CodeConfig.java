package io.peregrine.data.filters;

import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * Thresholds of {@link CodeQualityFilter}; line lengths and alphanumeric share are those of The Stack v1's training
 * sets (BigCode, arXiv:2301.03988, section 4), the number of lines that of The Stack v2 (arXiv:2402.19173).
 */
public record CodeConfig(
        @Key(unit = "characters", doc = "longest line") long lineCharactersMax,

        @Key(unit = "characters", doc = "greatest mean length of the lines")
        double meanLineCharactersMax,

        @Key(unit = "lines", doc = "most lines") long linesMax,

        @Key(unit = "0..1", doc = "least share of letters and digits among the characters")
        double alphanumericRatioMin,

        @Key(doc = "rules that do not apply, by the names they have in the table of dropped documents")
        List<String> switchedOff)
        implements Serializable {
    public static final CodeConfig DEFAULTS = new CodeConfig(1000, 100, 100_000, 0.25, List.of());

    public CodeConfig {
        ConfigRules.atLeast("line-characters-max", lineCharactersMax, 0, "characters");
        ConfigRules.atLeast("mean-line-characters-max", meanLineCharactersMax, 0, "characters");
        ConfigRules.atLeast("lines-max", linesMax, 0, "lines");
        ConfigRules.share("alphanumeric-ratio-min", alphanumericRatioMin);
        switchedOff = List.copyOf(switchedOff);
        GopherConfig.reasons("code", switchedOff);
    }

    /** The rules that do not apply. */
    Set<DropReason> off() {
        return GopherConfig.reasons("code", switchedOff);
    }
}
