package io.peregrine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.generate.Generator;
import io.peregrine.trainer.generate.Sampling;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.nio.file.Path;

/** What a trained model makes of a few beginnings. */
final class Samples {
    private static final Sampling SAMPLING = new Sampling(0.8, 0, 0.95);

    private Samples() {}

    /**
     * @param model folder of a checkpoint with its tokenizer
     * @param config the beginnings
     * @param seed the same seed gives the same texts
     */
    static ArrayNode of(Path model, ReportConfig config, SeedStream seed) {
        ArrayNode samples = JsonNodeFactory.instance.arrayNode();
        Backend backend = Backend.CPU;
        try (BpeTokenizer tokenizer = ModelFolder.tokenizer(model);
                Ops ops = backend.open(
                        backend.defaultDType(), Runtime.getRuntime().availableProcessors())) {
            Generator generator = new Generator(ModelFolder.load(model, ops), tokenizer);
            for (String prompt : config.prompts()) {
                StringBuilder text = new StringBuilder();
                generator.generate(prompt, config.sampleTokens(), SAMPLING, seed.child(prompt), text::append);
                samples.addObject().put("prompt", prompt).put("text", text.toString());
            }
        }
        return samples;
    }
}
