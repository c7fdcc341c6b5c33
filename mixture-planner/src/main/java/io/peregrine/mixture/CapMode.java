package io.peregrine.mixture;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a weight that asks for more of a stream than its caps allow. */
public enum CapMode {
    /** The stream gets what its caps allow, and the others share the rest in proportion to their weights. */
    @JsonProperty("project")
    PROJECT,

    /** Nothing is planned; the error names the streams and what is missing. */
    @JsonProperty("refuse")
    REFUSE
}
