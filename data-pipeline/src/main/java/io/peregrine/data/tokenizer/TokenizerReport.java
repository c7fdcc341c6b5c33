package io.peregrine.data.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What tokenizers make of the same texts, by domain and language, and of the same content in several languages.
 *
 * <p>A builder: show it texts, then ask for {@link #json}. Every text is encoded by every tokenizer.
 */
public final class TokenizerReport {
    private static final double NANOS = 1e9;
    private static final double MEGABYTE = 1e6;

    private final Map<String, BpeTokenizer> tokenizers;
    private final Map<String, Map<Group, TextMeasures>> measures = new LinkedHashMap<>();
    private final Map<String, Long> nanos = new TreeMap<>();
    private final Map<String, Map<String, Map<String, Long>>> parallel = new LinkedHashMap<>();

    /** Texts that are looked at together. */
    record Group(String domain, String language) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            int byDomain = domain.compareTo(other.domain);
            return byDomain != 0 ? byDomain : language.compareTo(other.language);
        }
    }

    /** @param tokenizers by a name for people; they stay the caller's */
    public TokenizerReport(Map<String, BpeTokenizer> tokenizers) {
        this.tokenizers = new LinkedHashMap<>(tokenizers);
        for (String name : tokenizers.keySet()) {
            measures.put(name, new TreeMap<>());
            parallel.put(name, new TreeMap<>());
        }
    }

    /** Measures a text. */
    public void add(String domain, String language, String text) {
        tokenizers.forEach((name, tokenizer) -> {
            long began = System.nanoTime();
            TextMeasures measured = TextMeasures.of(text, tokenizer);
            nanos.merge(name, System.nanoTime() - began, Long::sum);
            measures.get(name).merge(new Group(domain, language), measured, TextMeasures::plus);
        });
    }

    /** Measures a text of which there are versions with the same key in other languages. */
    public void addParallel(String key, String language, String text) {
        tokenizers.forEach((name, tokenizer) -> parallel.get(name)
                .computeIfAbsent(language, fresh -> new TreeMap<>())
                .put(key, (long) tokenizer.encode(text).length));
    }

    /** All measures of one tokenizer together. */
    public TextMeasures all(String tokenizer) {
        return measures.get(tokenizer).values().stream().reduce(TextMeasures.NONE, TextMeasures::plus);
    }

    /** Megabytes of text a second, on one thread, measuring included. */
    public double megabytesPerSecond(String tokenizer) {
        return all(tokenizer).bytes() / MEGABYTE / (nanos.getOrDefault(tokenizer, 1L) / NANOS);
    }

    /**
     * Tokens of a language's versions over those of English, where both are there.
     *
     * @return nothing if no text is there in both
     */
    public Optional<Double> parity(String tokenizer, String language) {
        Map<String, Long> english = parallel.get(tokenizer).getOrDefault("en", Map.of());
        Map<String, Long> other = parallel.get(tokenizer).getOrDefault(language, Map.of());
        List<String> both = other.keySet().stream().filter(english::containsKey).toList();
        if (both.isEmpty()) {
            return Optional.empty();
        }
        long there = both.stream().mapToLong(other::get).sum();
        return Optional.of(
                (double) there / both.stream().mapToLong(english::get).sum());
    }

    /** Everything, for the page and for programs. */
    public ObjectNode json(String title) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("title", title);
        ArrayNode list = json.putArray("tokenizers");
        tokenizers.forEach((name, tokenizer) -> {
            ObjectNode one = list.addObject();
            one.put("name", name).put("vocabSize", tokenizer.vocabSize());
            one.put("megabytesPerSecond", megabytesPerSecond(name));
            put(one.putObject("all"), all(name));
            ArrayNode groups = one.putArray("groups");
            measures.get(name)
                    .forEach((group, measured) -> put(
                            groups.addObject().put("domain", group.domain()).put("language", group.language()),
                            measured));
            ObjectNode parities = one.putObject("parity");
            for (String language : new ArrayList<>(parallel.get(name).keySet())) {
                parity(name, language).ifPresent(ratio -> parities.put(language, ratio));
            }
        });
        return json;
    }

    private static void put(ObjectNode target, TextMeasures m) {
        target.put("documents", m.documents())
                .put("bytes", m.bytes())
                .put("tokens", m.tokens())
                .put("bytesPerToken", ratio(m.bytes(), m.tokens()))
                .put("tokensPerWord", ratio(m.wordTokens(), m.words()))
                .put("tokensPerLetter", ratio(m.wordTokens(), m.letters()))
                .put("singleTokenWords", ratio(m.singleTokenWords(), m.words()))
                .put("numbers", m.numbers())
                .put("numbersAlone", ratio(m.numbersAlone(), m.numbers()))
                .put("commands", m.commands())
                .put("commandsAlone", ratio(m.commandsAlone(), m.commands()));
    }

    /** Not a number, as JSON's null, where there is nothing to divide by. */
    private static Double ratio(long part, long whole) {
        return whole == 0 ? null : Double.valueOf((double) part / whole);
    }
}
