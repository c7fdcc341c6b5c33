package io.peregrine.data.filters;

import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One set of rules: which families judge, in which order, and what is different from what they ship with. */
public record RuleSetConfig(
        @Key(doc = "families that judge, in this order: text")
        List<FamilyName> families,

        @Key(doc = "profile of the family text: a name in conf/filters, or the path of a .yaml file")
        String profile,

        @Key(doc = "limits by reason, in place of those that the families ship with; in every language")
        Map<String, Double> limits,

        @Key(doc = "reasons for which no document is dropped; their values are measured all the same")
        List<String> switchedOff)
        implements Serializable {
    /** A set that has no family yet. */
    public static final RuleSetConfig DEFAULTS = new RuleSetConfig(List.of(), "gopher", Map.of(), List.of());

    public static final RuleSetConfig ENGLISH = DEFAULTS;
    public static final RuleSetConfig MULTILINGUAL = DEFAULTS;
    public static final RuleSetConfig MATH = DEFAULTS;
    public static final RuleSetConfig CODE = DEFAULTS;

    public RuleSetConfig {
        families = List.copyOf(families);
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        switchedOff = List.copyOf(switchedOff);
    }
}
