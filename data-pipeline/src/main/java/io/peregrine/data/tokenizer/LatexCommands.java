package io.peregrine.data.tokenizer;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.Key;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Which LaTeX commands become one token each, whether merges would make them or not (arXiv:2507.22448, section on the
 * tokenizer: commands in the vocabulary help with mathematics).
 *
 * @param commands how many, those first that save most tokens
 * @param domains where commands are counted
 * @param list a file with a command a line, instead of counting
 */
public record LatexCommands(
        @Key(unit = "commands", doc = "LaTeX commands that become one token each, those that save most tokens; 0: none")
        int commands,

        @Key(doc = "domains in which commands are counted for that")
        List<String> domains,

        @Key(doc = "a file with one command a line, all of which become tokens, instead of counting")
        Optional<String> list) {
    public static final LatexCommands DEFAULTS = new LatexCommands(0, List.of("math"), Optional.empty());

    private static final int COMMANDS_MAX = 1 << 16;

    public LatexCommands {
        domains = List.copyOf(domains);
        if (commands < 0 || commands > COMMANDS_MAX) {
            throw new ConfigException("latex.commands", commands, "must be in [0, %d]".formatted(COMMANDS_MAX));
        }
        if (commands > 0 && list.isPresent()) {
            throw new ConfigException(
                    "latex.commands", commands, "must be 0 beside a latex.list, which names them all");
        }
        if (commands > 0 && domains.isEmpty()) {
            throw new ConfigException("latex.domains", domains, "must name the domains in which commands are counted");
        }
    }

    /** Whether a pre-token is a command. */
    static boolean isCommand(String pretoken) {
        return pretoken.length() > 1
                && pretoken.charAt(0) == '\\'
                && pretoken.chars().skip(1).allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    }

    /**
     * The commands of {@link #list}, in its order.
     *
     * @throws DataException if it cannot be read or a line is no command, naming the line
     */
    public List<String> listed() {
        if (list.isEmpty()) {
            return List.of();
        }
        Path file = Path.of(list.get());
        Set<String> commands = new LinkedHashSet<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int line = 0; line < lines.size(); line++) {
                String command = lines.get(line).strip();
                if (command.isEmpty()) {
                    continue;
                }
                if (!isCommand(command) || command.length() > PreTokenizer.TRAINING_BYTES_MAX) {
                    throw new DataException(
                            "%s, line %d: '%s' must be a backslash and ASCII letters, such as \\frac, of at most %d characters"
                                    .formatted(file, line + 1, command, PreTokenizer.TRAINING_BYTES_MAX));
                }
                if (!commands.add(command)) {
                    throw new DataException(
                            "%s, line %d: %s is there twice; delete one".formatted(file, line + 1, command));
                }
            }
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such file; latex.list must name a file".formatted(file), e);
        } catch (CharacterCodingException e) {
            throw new DataException("%s: is not UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
        return List.copyOf(commands);
    }

    /**
     * The commands that save most tokens.
     *
     * @param counts commands and how often they occur
     * @param tokensOf how many tokens a command takes if it is left to the merges
     */
    List<String> chosen(List<PretokenCount> counts, ToLongFunction<String> tokensOf) {
        record Saved(String command, long tokens) {}
        List<Saved> saved = new ArrayList<>();
        for (PretokenCount count : counts) {
            long each = tokensOf.applyAsLong(count.pretoken()) - 1;
            if (each > 0) {
                saved.add(new Saved(count.pretoken(), Math.multiplyExact(each, count.count())));
            }
        }
        saved.sort(Comparator.comparingLong(Saved::tokens).reversed().thenComparing(Saved::command));
        return saved.stream().limit(commands).map(Saved::command).toList();
    }
}
