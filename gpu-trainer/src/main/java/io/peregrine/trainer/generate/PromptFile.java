package io.peregrine.trainer.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prompts and their continuations as JSON lines. */
final class PromptFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PromptFile() {}

    /** The prompts of a file, empty lines left out. */
    static List<String> read(Path file) {
        List<String> prompts = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    prompts.add(prompt(file, number, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return prompts;
    }

    private static String prompt(Path file, int number, String line) {
        JsonNode prompt;
        try {
            prompt = JSON.readTree(line).path("prompt");
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s:%d: is not JSON: write a line such as {\"prompt\": \"Once\"}".formatted(file, number), e);
        }
        if (!prompt.isTextual() || prompt.textValue().isEmpty()) {
            throw new DataException("%s:%d: \"prompt\" is %s: must be a text of at least one character"
                    .formatted(file, number, prompt.isMissingNode() ? "missing" : prompt));
        }
        return prompt.textValue();
    }

    /** A continuation as a line. */
    static String line(String prompt, Generator.Result result) {
        return JSON.createObjectNode()
                .put("prompt", prompt)
                .put("text", result.text())
                .put("tokens", result.tokens())
                .put("finish_reason", result.ended() ? "stop" : "length")
                .toString();
    }
}
