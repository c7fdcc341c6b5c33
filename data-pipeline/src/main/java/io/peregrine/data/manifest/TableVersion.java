package io.peregrine.data.manifest;

/**
 * One output of a stage, at exactly the version the stage wrote.
 *
 * @param path path below the root of the run, with {@code /} between names
 * @param version Delta version, or -1 for a plain file
 * @param rows rows of the table, or bytes of a plain file
 * @param payloadDigest digest of the content, 64 hexadecimal digits
 */
public record TableVersion(String path, long version, long rows, String payloadDigest) {
    /** The version of what is not a Delta table. */
    public static final long PLAIN_FILE = -1;
}
