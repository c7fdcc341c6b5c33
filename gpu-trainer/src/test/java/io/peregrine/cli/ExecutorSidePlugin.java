package io.peregrine.cli;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/** A plugin that does nothing in the driver. */
abstract class ExecutorSidePlugin implements SparkPlugin {
    @Override
    public final DriverPlugin driverPlugin() {
        return null; // as Spark wants it said that there is none
    }
}
