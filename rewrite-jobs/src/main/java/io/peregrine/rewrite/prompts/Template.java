package io.peregrine.rewrite.prompts;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.accept.AcceptConfig;
import io.peregrine.rewrite.accept.Check;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a model is asked for one style: a file of {@code conf/rewrite/prompts}, or one beside a run. A change in what is
 * asked needs a new version; answers are stored under both.
 */
public record Template(
        @Key(doc = "name: small letters, digits and hyphens; that of the file")
        String name,

        @Key(doc = "version, from 1; a change in what is asked or how it is drawn needs the next")
        int version,

        @Key(doc = "the style, such as qa; reports and the collapse monitor group by it")
        String kind,

        @Key(doc = "domains of the documents that it is for")
        List<String> domains,

        @Key(doc = "how much text a request takes and answers")
        TemplateLimits limits,

        @Key(doc = "how answers are drawn") TemplateSampling sampling,

        @Key(doc = "documents too long for one request: join (the answers), reduce (them by further requests), skip")
        LongText longText,

        @Key(
                doc = "what is done with an answer, in this order: drop-reasoning, strip-preamble, strip-closing,"
                        + " strip-quotes, take-fenced-block")
        List<PostStep> post,

        @Key(doc = "what an answer must pass") AcceptConfig accept,

        @Key(doc = "the system message; a rule about the data block is added to it. Gap: {{language}}")
        String system,

        @Key(
                doc =
                        "the user's message. Gaps: {{text}}, which must be there once and becomes the data block, {{language}}")
        String user,

        @Key(doc = "the user's message that makes several answers into one, where long-text is reduce. Gaps as in user")
        Optional<String> reduce)
        implements Serializable {
    private static final int NAME_MAX = 60;
    private static final List<String> SYSTEM_GAPS = List.of(Message.LANGUAGE);
    private static final List<String> USER_GAPS = List.of(Message.TEXT, Message.LANGUAGE);

    public Template {
        requireName("name", name);
        requireName("kind", kind);
        if (version < 1) {
            throw new ConfigException("version", version, "must be > 0");
        }
        domains = List.copyOf(domains);
        if (domains.isEmpty() || new HashSet<>(domains).size() < domains.size()) {
            throw new ConfigException("domains", domains, "must name at least one domain, each once");
        }
        post = List.copyOf(post);
        if (new HashSet<>(post).size() < post.size()) {
            throw new ConfigException("post", post.stream().map(PostStep::key).toList(), "must name each step once");
        }
        if (!accept.checks().contains(Check.FINISH)) {
            throw new ConfigException(
                    "accept.checks", accept.checks(), "must name 'finish': an answer that was cut off is no rewrite");
        }
        Message.of("system", system, SYSTEM_GAPS);
        requireText("user", user);
        if (reduce.isPresent() != (longText == LongText.REDUCE)) {
            throw new ConfigException(
                    "reduce",
                    reduce.isPresent() ? "..." : "none",
                    "must be there if, and only if, long-text is reduce");
        }
        reduce.ifPresent(message -> requireText("reduce", message));
        if (longText == LongText.REDUCE && limits.tokensInMax() < 2 * limits.tokensOutMax()) {
            throw new ConfigException(
                    "limits.tokens-in-max",
                    limits.tokensInMax(),
                    "must be at least twice tokens-out-max, %d, for a request to reduce two answers to one"
                            .formatted(limits.tokensOutMax()));
        }
    }

    private static void requireName(String key, String value) {
        boolean plain = !value.isEmpty() && value.length() <= NAME_MAX && value.charAt(0) != '-';
        for (int i = 0; plain && i < value.length(); i++) {
            char c = value.charAt(i);
            plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }
        if (!plain) {
            throw new ConfigException(
                    key, value, "must be 1 to %d small letters, digits and hyphens".formatted(NAME_MAX));
        }
    }

    private static void requireText(String key, String message) {
        long texts = Message.of(key, message, USER_GAPS).count(Message.TEXT);
        if (texts != 1) {
            throw new ConfigException(key, "{{text}} %d times".formatted(texts), "must have {{text}} once");
        }
    }

    /** Travels as its text: an optional value does not travel by itself. */
    private Object writeReplace() {
        return new Templates.Luggage(ConfigDigest.canonical(this));
    }

    /** The same with answers drawn in another way or number. */
    public Template withSampling(TemplateSampling other) {
        return new Template(name, version, kind, domains, limits, other, longText, post, accept, system, user, reduce);
    }

    /** The name and version under which answers are stored. */
    public String id() {
        return name + "@" + version;
    }

    Message systemMessage() {
        return Message.of("system", system, SYSTEM_GAPS);
    }

    Message userMessage() {
        return Message.of("user", user, USER_GAPS);
    }

    Message reduceMessage() {
        return Message.of(
                "reduce", reduce.orElseThrow(() -> new IllegalStateException(id() + " reduces nothing")), USER_GAPS);
    }
}
