package io.peregrine.trainer.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A form that other trainers read, with the settings that decide its bytes. */
public sealed interface ExportFormat permits MegatronFormat, MdsFormat, NanosetFormat {
    /** Its name on the command line. */
    String name();

    /** Its settings by option name, without the dashes, in a fixed order. */
    Map<String, String> settings();

    /**
     * Begins an output shard.
     *
     * @param folder of the export
     * @param index number of the shard, from 0
     */
    OutputShard begin(Path folder, int index) throws IOException;

    /** Makes the finished shards one dataset: what stands in the folder once only, if the form has that. */
    void finish(Path folder, List<ExportedShard> shards) throws IOException;
}
