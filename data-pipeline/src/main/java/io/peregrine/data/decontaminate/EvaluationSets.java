package io.peregrine.data.decontaminate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Reads evaluation sets. An item's name is its {@code id} or {@code task_id}, or else its file and line. They are few and chosen by
 * hand, so whatever is wrong with one is an error, not a count.
 */
public final class EvaluationSets {
    private static final ObjectReader JSON =
            JsonMapper.builder().build().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> ID_FIELDS = List.of("id", "task_id");
    private static final int LINE_MAX = 16 << 20;

    private EvaluationSets() {}

    /**
     * Reads every item of every set, in order.
     *
     * @param base folder that relative paths start from
     * @throws DataException if a file cannot be read, a line is no JSON object, an item has no text in any field, or a
     *     field is met in no item of its set
     */
    public static void read(DecontaminateConfig config, Path base, Consumer<EvaluationItem> items) {
        for (DecontaminateConfig.EvaluationSet set : config.sets()) {
            Set<String> met = new HashSet<>();
            for (String path : set.paths()) {
                read(set, base.resolve(path), met, items);
            }
            for (String field : set.fields()) {
                if (!met.contains(field)) {
                    throw new DataException("%s: no item of set '%s' has a text in field '%s'; correct its fields"
                            .formatted(set.paths(), set.name(), field));
                }
            }
        }
    }

    /** Digest of the settings and of the files: another set under the same path gives another result. */
    public static String contentDigest(DecontaminateConfig config, Path base) {
        PayloadDigest digest = new PayloadDigest().add(ConfigDigest.of(config));
        config.sets().forEach(set -> set.paths().forEach(path -> digest.add(fileDigest(base.resolve(path)))));
        return digest.hex();
    }

    private static String fileDigest(Path file) {
        MessageDigest sha256 = PayloadDigest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static DataException unreadable(Path file, IOException e) {
        return e instanceof NoSuchFileException
                ? new DataException("%s: no such evaluation set; correct its path in the settings".formatted(file), e)
                : new DataException("%s: cannot be read: %s".formatted(file, e), e);
    }

    private static void read(
            DecontaminateConfig.EvaluationSet set, Path file, Set<String> met, Consumer<EvaluationItem> items) {
        try (BufferedReader lines = new BufferedReader(decoded(file))) {
            StringBuilder line = new StringBuilder();
            for (long number = 1; next(lines, line); number++) {
                if (line.length() > LINE_MAX) {
                    throw new DataException(
                            "%s, line %d: must have at most %d characters".formatted(file, number, LINE_MAX));
                }
                if (!line.toString().isBlank()) {
                    items.accept(item(set, file, number, line.toString(), met));
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Reader decoded(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return new InputStreamReader(gzip ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8.newDecoder());
    }

    /** The next line without its end, of which no more is held than shows that it is too long. */
    private static boolean next(Reader in, StringBuilder line) throws IOException {
        line.setLength(0);
        int c = in.read();
        if (c < 0) {
            return false;
        }
        while (c >= 0 && c != '\n' && line.length() <= LINE_MAX) {
            line.append((char) c);
            c = in.read();
        }
        return true;
    }

    private static EvaluationItem item(
            DecontaminateConfig.EvaluationSet set, Path file, long number, String line, Set<String> met) {
        JsonNode object;
        try {
            object = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s, line %d: must be a JSON object: %s".formatted(file, number, e.getOriginalMessage()), e);
        }
        List<String> texts = new ArrayList<>();
        for (String field : set.fields()) {
            JsonNode value = object.path(field);
            int before = texts.size();
            if (value.isTextual()) {
                texts.add(withoutPrefix(set, value.textValue()));
            } else if (value.isArray()) {
                value.forEach(element -> texts.add(withoutPrefix(set, element.asText())));
            }
            if (texts.size() > before) {
                met.add(field);
            }
        }
        if (texts.isEmpty()) {
            throw new DataException("%s, line %d: must have a text in one of the fields %s of set '%s'"
                    .formatted(file, number, set.fields(), set.name()));
        }
        return new EvaluationItem(set.name(), id(object, file, number), texts);
    }

    private static String withoutPrefix(DecontaminateConfig.EvaluationSet set, String text) {
        return set.prefix()
                .filter(text::startsWith)
                .map(prefix -> text.substring(prefix.length()))
                .orElse(text);
    }

    private static String id(JsonNode object, Path file, long number) {
        for (String field : ID_FIELDS) {
            JsonNode id = object.path(field);
            if (id.isValueNode() && !id.isNull()) {
                return id.asText();
            }
        }
        return file.getFileName() + "#" + number;
    }
}
