package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recognises that a stage failed because a disk is full, and says so in one line: Spark's own message names the task, not
 * the disk.
 */
final class FullDisks {
    private static final int CAUSES_MAX = 50; // a chain of causes may be a ring

    /** What the kernel's errors ENOSPC, EDQUOT and EFBIG are called in messages. */
    private static final List<String> MESSAGES =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private FullDisks() {}

    /**
     * The line for the user, if a full disk is what made the stage fail.
     *
     * @param failure what the stage threw
     * @param stage the stage
     * @param folders where stages write, Spark's temporary files included
     */
    static Optional<DataException> explain(Throwable failure, Stage stage, List<Path> folders) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            // Of what a task on another machine threw, Spark may have kept the text alone.
            String message = String.valueOf(cause.getMessage());
            Optional<String> reason =
                    MESSAGES.stream().filter(message::contains).findFirst();
            if (reason.isPresent()) {
                return Optional.of(new DataException(
                        "%s: a disk is full (%s) and the stage was stopped; free now: %s. Make room, or choose other folders"
                                        .formatted(stage.folder(), reason.get(), free(folders))
                                + " (key root of the run, spark.local.dir), then run the same command again: finished"
                                + " stages are kept, and nothing half-written is used",
                        failure));
            }
        }
        return Optional.empty();
    }

    private static String free(List<Path> folders) {
        List<String> said = new ArrayList<>();
        for (Path folder : folders) {
            try {
                long megabytes = Files.getFileStore(folder).getUsableSpace() >> 20;
                said.add("%s %d MiB".formatted(folder, megabytes));
            } catch (IOException e) {
                said.add("%s unknown (%s)".formatted(folder, e.getMessage()));
            }
        }
        return String.join(", ", said);
    }
}
