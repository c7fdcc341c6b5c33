package io.peregrine.rewrite.jobs;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.cleanup.CleanUpRewriter;
import io.peregrine.rewrite.dialogue.Style;
import java.util.List;
import java.util.Map;

/**
 * Rewrites a share of the unique documents, by a language model if settings name one, else by the clean-up, which is none.
 * Table {@code rewrites}: the columns of a document and {@code parent_id}, {@code rewriter}; the domain is {@code rewritten-}
 * and the parent's, all else that tells the origin is the parent's. Table {@code rejected}: the same with {@code reason},
 * {@code measured}, {@code limit}. What a model writes has more columns, see {@link JudgedRows}, and a third table, {@code
 * requests}, see {@link ModelRewrite}.
 */
public final class RewriteJob implements StageJob {
    private final RewriteConfig config;
    private final List<Style> styles;

    /** @throws io.peregrine.data.ConfigException if a template is missing or wrong */
    public RewriteJob(RewriteConfig config) {
        this.config = config;
        this.styles = config.model().map(model -> model.loadStyles()).orElse(List.of());
    }

    @Override
    public Stage stage() {
        return Stage.REWRITE;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DECONTAMINATE);
    }

    @Override
    public String configDigest() {
        return config.model()
                .map(model -> ConfigDigest.of(Map.of(
                        "domains", config.domains(),
                        "share", config.share(),
                        "model", model.decisive(),
                        "styles", styles)))
                .orElseGet(() -> ConfigDigest.of(Map.of("rewrite", config, "rewriter", new CleanUpRewriter().id())));
    }

    @Override
    public Outcome run(StageContext context) {
        return config.model().isPresent()
                ? new ModelRewrite(config, config.model().get(), styles).run(context)
                : new CleanUpRewrite(config).run(context);
    }

    /** What a run would send to the model, in lines for people; nothing is sent. */
    List<String> estimate(StageContext context) {
        return new ModelRewrite(config, config.model().orElseThrow(), styles).printEstimate(context);
    }
}
