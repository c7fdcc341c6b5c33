package io.peregrine.mixture.plan;

import io.peregrine.data.DataException;
import io.peregrine.mixture.MixtureHistory;
import java.nio.file.Path;
import java.util.Optional;

/** The file {@code history.json}; its format is in the package's documentation. */
public final class HistoryFile {
    /** Name of the file in the stage's folder. */
    public static final String FILE_NAME = "history.json";

    private static final String FORMAT = "peregrine-mixture-history";
    private static final int VERSION = 1;

    private HistoryFile() {}

    private record Content(String format, int version, MixtureHistory history) {}

    /** Writes a history, whole or not at all. */
    public static void write(Path folder, MixtureHistory history) {
        PlanJson.write(folder.resolve(FILE_NAME), new Content(FORMAT, VERSION, history));
    }

    /**
     * Reads a history; nothing if there is none.
     *
     * @throws DataException if the file is damaged or of another version
     */
    public static Optional<MixtureHistory> read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        return PlanJson.read(
                        file,
                        Content.class,
                        "a mixture's history",
                        "restore it; without it the run can only be planned from its beginning")
                .map(content -> {
                    if (!content.format().equals(FORMAT) || content.version() != VERSION) {
                        throw new DataException("%s: format %s version %d; this program reads %s version %d"
                                .formatted(file, content.format(), content.version(), FORMAT, VERSION));
                    }
                    return content.history();
                });
    }
}
