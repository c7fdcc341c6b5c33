package io.peregrine.trainer.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record of an export, {@code export.jsonl}: what is exported, then a line for every shard as it is finished. It
 * only grows, so that a stopped export goes on behind its last finished shard; its format is in the package's
 * documentation.
 */
final class ExportJournal {
    static final String FILE_NAME = "export.jsonl";

    private static final TypeReference<LinkedHashMap<String, String>> HEAD = new TypeReference<>() {};
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final Map<Integer, ExportedShard> shards = new HashMap<>();

    private ExportJournal(Path file) {
        this.file = file;
    }

    /**
     * Checks that a folder can take an export: it is not there, is empty, or has an export already.
     *
     * @throws DataException if something else is in it
     */
    static void requireUsable(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new DataException("%s: is not a folder; name another one with --out".formatted(folder));
        }
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(FILE_NAME))) {
            try (Stream<Path> entries = Files.list(folder)) {
                Optional<Path> other =
                        entries.filter(entry -> !isTemporary(entry)).sorted().findFirst();
                if (other.isPresent()) {
                    throw new DataException(
                            "%s: has files that are not of an export (%s), and no %s; name an empty folder"
                                    .formatted(folder, other.get().getFileName(), FILE_NAME));
                }
            }
        }
    }

    /** What a process that was killed before it began the record may have left. */
    private static boolean isTemporary(Path entry) {
        String name = entry.getFileName().toString();
        return name.equals(".lock") || name.equals("." + FILE_NAME + ".tmp");
    }

    /**
     * Begins the record of an export, or goes on with it.
     *
     * @param folder of the export
     * @param head what is exported: everything that decides a byte of it
     * @throws DataException if the folder has an export of something else, or the record is damaged
     */
    static ExportJournal open(Path folder, Map<String, String> head) throws IOException {
        ExportJournal journal = new ExportJournal(folder.resolve(FILE_NAME));
        if (Files.exists(journal.file)) {
            journal.read(head);
        } else {
            AtomicFiles.write(journal.file, (JSON.writeValueAsString(head) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return journal;
    }

    /** The shard of this number, if the record has one; whether its files are still there is not known. */
    Optional<ExportedShard> shard(int index) {
        return Optional.ofNullable(shards.get(index));
    }

    /** Records a finished shard, whose files are in their places. */
    void add(ExportedShard shard) throws IOException {
        ByteBuffer line = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(shard) + "\n");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        }
        shards.put(shard.shard(), shard);
    }

    private void read(Map<String, String> head) throws IOException {
        String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        String whole = content.substring(0, content.lastIndexOf('\n') + 1);
        List<String> lines = whole.lines().toList();
        if (lines.isEmpty()) {
            throw new DataException(file + ": is empty; remove the folder and export again");
        }
        requireSame(parsed(lines.get(0), 1, JSON.constructType(HEAD.getType())), head);
        for (int i = 1; i < lines.size(); i++) {
            ExportedShard shard = parsed(lines.get(i), i + 1, JSON.constructType(ExportedShard.class));
            shards.put(shard.shard(), shard);
        }
        if (whole.length() < content.length()) {
            // The process was killed while it wrote the last line.
            AtomicFiles.write(file, whole.getBytes(StandardCharsets.UTF_8));
        }
    }

    private <T> T parsed(String line, int number, JavaType type) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            String detail = e.getCause() instanceof DataException fault ? fault.getMessage() : e.getOriginalMessage();
            throw new DataException(
                    "%s:%d: not a line of an export's record (%s); remove the folder and export again"
                            .formatted(file, number, detail),
                    e);
        }
    }

    private void requireSame(Map<String, String> recorded, Map<String, String> head) {
        Map<String, String> all = new LinkedHashMap<>(head);
        recorded.forEach(all::putIfAbsent);
        for (String key : all.keySet()) {
            String there = recorded.get(key);
            String asked = head.get(key);
            if (there == null || !there.equals(asked)) {
                throw new DataException(
                        "%s: this folder has another export: %s is %s there and %s here; name another folder"
                                .formatted(file, key, there, asked));
            }
        }
    }
}
