package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.code.CodeAnnotator;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.filters.datatrove.ProfileAnnotator;
import io.peregrine.data.filters.dclm.DclmAnnotator;
import io.peregrine.data.filters.dolma.DolmaAnnotator;
import io.peregrine.data.filters.redpajama.RedPajamaAnnotator;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import java.util.function.Supplier;

/** Which code measures a profile. */
public final class TextProfiles {
    private TextProfiles() {}

    /**
     * Makes annotators for a profile, each for one thread.
     *
     * @param code what source code is measured with, where the profile is about it
     * @throws ConfigException if nobody measures by the profile's definitions
     */
    public static Supplier<Annotator> annotators(Profile profile, CodeConfig code) {
        return switch (profile.definitions()) {
            case ProfileAnnotator.DEFINITIONS ->
                // The only sentences of the published profiles are spaCy's, in the rules of C4.
                () -> new ProfileAnnotator(profile, WordSplitters::of, new SpacySentences(SpacyWords.english()));
            case "dclm" -> () -> new DclmAnnotator(profile);
            case "dolma" -> () -> new DolmaAnnotator(profile);
            case "redpajama" -> () -> new RedPajamaAnnotator(profile);
            case "code" -> () -> new CodeAnnotator(code);
            default ->
                throw new ConfigException(
                        "definitions",
                        profile.definitions(),
                        "must be one of datatrove, dclm, dolma, redpajama, code; it is in the profile "
                                + profile.profile());
        };
    }
}
