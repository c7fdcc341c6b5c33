package io.peregrine.mixture;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How documents become sequences; the rules are in {@code mixture.pack}. */
public enum PackingMode {
    /** Documents that fit stay whole; longer ones are cut into full sequences and one rest. */
    @JsonProperty("best-fit")
    BEST_FIT,

    /** Documents one after the other, cut wherever a sequence is full. */
    @JsonProperty("concat")
    CONCAT
}
