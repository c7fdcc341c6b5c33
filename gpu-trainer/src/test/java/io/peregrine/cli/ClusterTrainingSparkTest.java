package io.peregrine.cli;

import org.junit.jupiter.api.Tag;

/** On the CPU, beside a GPU that is only said to be there. */
@Tag("spark")
class ClusterTrainingSparkTest extends ClusterTrainingTest {
    @Override
    String backend() {
        return "cpu";
    }

    @Override
    String gpu() {
        return "3";
    }

    @Override
    FaultOnce.Kind fault() {
        return FaultOnce.Kind.EXIT;
    }
}
