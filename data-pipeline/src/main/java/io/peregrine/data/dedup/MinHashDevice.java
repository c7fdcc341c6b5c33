package io.peregrine.data.dedup;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where the permutations of a signature are computed. The result is the same bit for bit. */
public enum MinHashDevice {
    /** In this JVM, on the thread that asks. */
    JAVA("java"),
    /** On the first GPU that OpenCL lists. */
    OPENCL_GPU("opencl-gpu"),
    /** On the first CPU that OpenCL lists, such as PoCL's. */
    OPENCL_CPU("opencl-cpu");

    private final String key;

    MinHashDevice(String key) {
        this.key = key;
    }

    /** The name in a run file and on the command line. */
    @JsonValue
    public String key() {
        return key;
    }
}
