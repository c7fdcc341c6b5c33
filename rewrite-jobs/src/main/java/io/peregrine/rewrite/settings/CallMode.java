package io.peregrine.rewrite.settings;

/** How requests reach the servers. */
public enum CallMode {
    /** One call for each, many in flight, from the executors. */
    DIRECT,
    /** In files, by the batch API, from the driver. */
    BATCH
}
