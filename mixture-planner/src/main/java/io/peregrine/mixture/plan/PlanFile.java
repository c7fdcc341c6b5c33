package io.peregrine.mixture.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.mixture.MixturePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file {@code plan.json}; its format is in the package's documentation. */
public final class PlanFile {
    static final String FORMAT = "peregrine-mixture-plan";
    static final int VERSION = 2;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private PlanFile() {}

    private record Content(String format, int version, String digest, MixturePlan plan) {}

    /** Writes a plan, whole or not at all. */
    public static void write(Path file, MixturePlan plan) {
        try {
            String json = JSON.writeValueAsString(new Content(FORMAT, VERSION, plan.digest(), plan)) + "\n";
            AtomicFiles.write(file, json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Reads a plan.
     *
     * @throws DataException if the file is missing, damaged, of another version, or was changed by hand
     */
    public static MixturePlan read(Path file) {
        Content content;
        try {
            content = JSON.readValue(Files.readString(file), Content.class);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: there is no plan here; run 'mixture plan' first".formatted(file), e);
        } catch (JsonProcessingException e) {
            Throwable reason = e.getCause() instanceof DataException ? e.getCause() : e;
            String detail = reason == e ? e.getOriginalMessage() : reason.getMessage();
            throw new DataException("%s: not a mixture plan (%s); run 'mixture plan' again".formatted(file, detail), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        if (!content.format().equals(FORMAT) || content.version() != VERSION) {
            throw new DataException("%s: format %s version %d; this program reads %s version %d"
                    .formatted(file, content.format(), content.version(), FORMAT, VERSION));
        }
        if (!content.plan().digest().equals(content.digest())) {
            throw new DataException("%s: the plan does not have the digest %s that the file names: it was changed; run "
                            .formatted(file, content.digest())
                    + "'mixture plan' again");
        }
        return content.plan();
    }
}
