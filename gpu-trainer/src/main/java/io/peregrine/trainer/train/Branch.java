package io.peregrine.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a branch of a run's training left its parent, and where it goes on; {@code branch.json} in its folder, keys in
 * snake case.
 *
 * @param name of the branch
 * @param parent the branch it comes from, or {@link #MAIN}
 * @param step steps the parent had done
 * @param tokens tokens the parent had trained on, padding left out
 * @param fromPosition first position of the plan that the parent had not read
 * @param toPosition where the branch goes on: there again, or farther on
 * @param skippedSequences sequences to train on that it passes over, those of its parents included
 * @param planDigest the plan then in force
 * @param configDigest the settings that it is trained with
 * @param madeAt time in UTC, ISO 8601
 * @param codeVersion version of Peregrine that made it
 */
record Branch(
        String name,
        String parent,
        long step,
        long tokens,
        long fromPosition,
        long toPosition,
        long skippedSequences,
        String planDigest,
        String configDigest,
        String madeAt,
        String codeVersion) {
    static final String FILE_NAME = "branch.json";

    /** The training of the run itself, which is no branch. */
    static final String MAIN = "main";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    Branch {
        if (!NAME.matcher(name).matches() || name.equals(MAIN)) {
            throw new DataException(
                    "branch: name = %s: must be 1 to 63 of a-z, 0-9 and '-', the first no '-', and not '%s'"
                            .formatted(name, MAIN));
        }
        if (step < 0 || tokens < 0 || fromPosition < 0 || toPosition < fromPosition || skippedSequences < 0) {
            throw new DataException(
                    "branch %s: step %d, tokens %d, positions %d to %d, %d skipped: none may be below 0, and none lead back"
                            .formatted(name, step, tokens, fromPosition, toPosition, skippedSequences));
        }
    }

    /** Whether it reads what its parent read. */
    boolean isReplay() {
        return toPosition == fromPosition;
    }

    /** What it reads, in words. */
    String reads() {
        return isReplay()
                ? "replays from position %,d".formatted(toPosition)
                : "skips positions %,d..%,d".formatted(fromPosition, toPosition - 1);
    }

    void write(Path folder) throws IOException {
        AtomicFiles.write(
                folder.resolve(FILE_NAME), (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the record of a branch.
     *
     * @throws DataException naming the file if it is missing, cut short or no such record
     */
    static Branch read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            return JSON.readValue(Files.readString(file), Branch.class);
        } catch (JsonProcessingException e) {
            String detail = e.getCause() instanceof DataException fault ? fault.getMessage() : e.getOriginalMessage();
            throw new DataException(
                    "%s: not the record of a branch (%s); restore it, or delete the folder to be without the branch"
                            .formatted(file, detail),
                    e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e + ")", e);
        }
    }
}
