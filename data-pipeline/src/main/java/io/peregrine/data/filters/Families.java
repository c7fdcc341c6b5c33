package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import java.util.List;

/** Puts rule sets together: the one place that knows every family. */
final class Families {
    private Families() {}

    static RuleSet ruleSet(String name, RuleSetConfig config) {
        List<Family> families =
                config.families().stream().map(family -> family(family, config)).toList();
        return new RuleSet(name, families).with(config.limits(), config.switchedOff());
    }

    private static Family family(FamilyName family, RuleSetConfig config) {
        return switch (family) {
            case TEXT -> text(Profiles.load(config.profile()));
        };
    }

    private static Family text(Profile profile) {
        throw new ConfigException("profile", profile.definitions(), "has no code");
    }
}
