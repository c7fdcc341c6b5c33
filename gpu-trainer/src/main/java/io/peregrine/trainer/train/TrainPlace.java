package io.peregrine.trainer.train;

/** Which process trains. */
public enum TrainPlace {
    /** The one that runs the command, on its first device. */
    DRIVER,

    /** One task of the Spark job, on the device that Spark assigned to it. */
    EXECUTOR
}
