package io.peregrine.rewrite.prompts;

import io.peregrine.data.Document;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.seed.SeedStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Makes the requests of one template: a pure function of template, document and the run's seed. What comes back goes
 * through {@link #finished} before it is checked; for a document of several segments, each answer against its segment.
 */
public final class Requests {
    private static final int LANGUAGE_MAX = 32;
    private static final int HEX_LONG = 16;

    private final Template template;
    private final ToIntFunction<String> tokens;
    private final SeedStream seed;
    private final Message system;
    private final Message user;

    /**
     * @param tokens tokens of a text, as the model that is asked counts them or nearly so
     * @param seed the run's stream
     */
    public Requests(Template template, ToIntFunction<String> tokens, SeedStream seed) {
        this.template = template;
        this.tokens = tokens;
        this.seed = seed.child("rewrite/" + template.id());
        this.system = template.systemMessage();
        this.user = template.userMessage();
    }

    /** Which requests a document needs for each variant. */
    public RequestPlan plan(Document document) {
        if (!template.domains().contains(document.domain())) {
            return RequestPlan.none(RequestPlan.NotAsked.OTHER_DOMAIN);
        }
        TemplateLimits limits = template.limits();
        int count = tokens.applyAsInt(document.text());
        if (document.text().isBlank() || count < limits.tokensInMin()) {
            return RequestPlan.none(RequestPlan.NotAsked.TOO_FEW_TOKENS);
        }
        if (count <= limits.tokensInMax()) {
            return RequestPlan.joined(List.of(document.text()));
        }
        if (template.longText() == LongText.SKIP) {
            return RequestPlan.none(RequestPlan.NotAsked.TOO_MANY_TOKENS);
        }
        List<String> segments = new Segmenter(tokens, limits.tokensInMax()).segments(document.text());
        if (segments.size() > limits.segmentsMax()) {
            return RequestPlan.none(RequestPlan.NotAsked.TOO_MANY_SEGMENTS);
        }
        return template.longText() == LongText.REDUCE
                ? RequestPlan.reduced(segments, limits.tokensInMax() / limits.tokensOutMax())
                : RequestPlan.joined(segments);
    }

    /**
     * The request for one segment.
     *
     * @param index which segment it is
     * @param variant which variant is asked for, from 0
     */
    public Prompt ofSegment(Document document, String segment, int index, int variant) {
        return prompt(user, document, segment, 0, index, variant);
    }

    /**
     * The request that makes several answers into one.
     *
     * @param answers as {@link #finished} gave them
     * @param level which level of the plan's reductions it is for, from 0
     * @param index which span of the level it is for
     */
    public Prompt ofAnswers(Document document, List<String> answers, int level, int index, int variant) {
        String source = String.join("\n\n", answers);
        return prompt(template.reduceMessage(), document, source, 1 + level, index, variant);
    }

    private Prompt prompt(Message message, Document document, String source, int level, int index, int variant) {
        DataBlock block = DataBlock.of(source);
        Map<String, String> gaps =
                Map.of(Message.TEXT, block.render(), Message.LANGUAGE, languageName(document.language()));
        TemplateSampling sampling = template.sampling();
        return new Prompt(
                template.name(),
                template.version(),
                template.kind(),
                (system.filled(gaps).strip() + "\n\n" + block.rule()).strip(),
                message.filled(gaps).strip(),
                new Sampling(
                        sampling.temperature(),
                        sampling.topP(),
                        template.limits().tokensOutMax(),
                        seedOf(document, level, index, variant)));
    }

    private long seedOf(Document document, int level, int index, int variant) {
        long high = Long.parseUnsignedLong(document.id(), 0, HEX_LONG, 16);
        long low = Long.parseUnsignedLong(document.id(), HEX_LONG, 2 * HEX_LONG, 16);
        return seed.hash(high, low, level, index, variant) & Integer.MAX_VALUE;
    }

    /**
     * The text of an answer after the template's steps.
     *
     * @param source the segment it is for, or the answers it reduces joined by a blank line
     */
    public String finished(String source, Answer answer) {
        String text = DataBlock.of(source).cleaned(answer.text());
        for (PostStep step : template.post()) {
            text = step.apply(text);
        }
        return text.strip();
    }

    /**
     * The language in English words. It comes from a corpus, so whatever is no plain name is not repeated in a message.
     */
    static String languageName(String language) {
        boolean plain = !language.isEmpty() && language.length() <= LANGUAGE_MAX;
        for (int i = 0; plain && i < language.length(); i++) {
            char c = language.charAt(i);
            plain = (c < 128 && Character.isLetterOrDigit(c)) || "+#-._".indexOf(c) >= 0;
        }
        if (!plain || language.equals(Document.UNDETERMINED)) {
            return "the language of the source";
        }
        if (CodeLanguages.named(language).isPresent()) {
            return language;
        }
        String name = Locale.forLanguageTag(language).getDisplayLanguage(Locale.ENGLISH);
        return name.isEmpty() ? language : name;
    }
}
