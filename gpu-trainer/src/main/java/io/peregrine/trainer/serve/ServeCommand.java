package io.peregrine.trainer.serve;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: a model behind the API that OpenAI's clients speak. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serves a trained model to clients of OpenAI's API.",
            "",
            "Chat, completions, models; streaming, stop sequences, seeds, logprobs, usage. Texts are continued side by",
            "side, and the same request with the same seed gives the same text whatever else is asked for. Ends with",
            "Ctrl-C.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine serve --checkpoint runs/quickstart",
            "  peregrine serve --checkpoint DIR --backend cuda --sequences 32 --port 8080",
            "  curl localhost:8000/v1/completions -d '{\"model\": \"NAME\", \"prompt\": \"The method returns\"}'"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;
    private static final int CALLS_BESIDE_TEXTS = 16;
    private static final int BODY_BYTES = 4 << 20;
    private static final int DEFAULT_TOKENS = 4096;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR",
            description = {
                "Folder with config.json, model.safetensors and tokenizer.json;",
                "or a run's folder, whose newest checkpoint is taken."
            })
    private Path checkpoint;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What clients call the model (default: the name of the folder given as --checkpoint).")
    private Optional<String> name;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen at; 0.0.0.0 is all of them (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8000",
            description = "Port to listen at; 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "8",
            description = "Texts continued at a time (default: ${DEFAULT-VALUE}).")
    private int sequences;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "64",
            description = "Texts that may wait beside them before calls are refused (default: ${DEFAULT-VALUE}).")
    private int queue;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description =
                    "Most tokens of a text, its prompt's included (default: the model's positions, at most 4096).")
    private Optional<Integer> maxTokens;

    @Option(
            names = "--api-key-env",
            paramLabel = "VARIABLE",
            description =
                    "Environment variable with the key that calls must bring; without it nobody is asked for one.")
    private Optional<String> keyVariable;

    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda|reference",
            defaultValue = "cpu",
            description = "Who computes (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Override
    public Integer call() {
        for (Map.Entry<String, Integer> entry :
                Map.of("sequences", sequences, "queue", queue).entrySet()) {
            if (entry.getValue() < 1) {
                throw new ConfigException(entry.getKey(), entry.getValue(), "must be >= 1");
            }
        }
        if (port < 0 || port > PORT_MAX) {
            throw new ConfigException("port", port, "must be from 0 to 65535");
        }
        Optional<String> key = keyVariable.map(ServeCommand::keyIn);
        Path folder = Checkpoints.modelFolder(checkpoint);
        Backend chosen = Backend.named(backend);
        try (BpeTokenizer tokenizer = ModelFolder.tokenizer(folder);
                Ops ops = chosen.open(chosen.fastDType(), Runtime.getRuntime().availableProcessors())) {
            FalconH1Model model = ModelFolder.load(folder, ops);
            int capacity = capacity(model.config().maxPositionEmbeddings());
            GenerationService service =
                    new GenerationService(new GenerationLoop(model, tokenizer, sequences, capacity), queue);
            serve(service, tokenizer, capacity, key);
        }
        return 0;
    }

    private void serve(GenerationService service, BpeTokenizer tokenizer, int capacity, Optional<String> key) {
        String served = name.orElseGet(
                () -> checkpoint.toAbsolutePath().normalize().getFileName().toString());
        ApiServer.Limits limits = new ApiServer.Limits(sequences + queue + CALLS_BESIDE_TEXTS, BODY_BYTES, key);
        RequestReader reader = new RequestReader(served, tokenizer, capacity);
        SeedStream seeds = SeedStream.of(Clock.systemUTC().millis()).child("serve");
        Thread stop = new Thread(service::close, "stop");
        try (ApiServer server = new ApiServer(
                new InetSocketAddress(host, port),
                service,
                reader,
                tokenizer,
                served,
                limits,
                seeds,
                Clock.systemUTC())) {
            Runtime.getRuntime().addShutdownHook(stop);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "serving %s at http://%s:%d/v1, %d texts at a time of at most %d tokens%n",
                    served, host, server.port(), sequences, capacity);
            out.flush();
            service.run();
        } catch (BindException e) {
            throw new ConfigException("port", port, "cannot be had at %s: %s".formatted(host, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at %s:%d".formatted(host, port), e);
        }
    }

    private int capacity(int positions) {
        int most = Math.min(positions, DEFAULT_TOKENS);
        int capacity = maxTokens.orElse(most);
        if (capacity < 2 || capacity > positions) {
            throw new ConfigException(
                    "max-tokens",
                    capacity,
                    "must be from 2 to %d, the model's max_position_embeddings".formatted(positions));
        }
        return capacity;
    }

    private static String keyIn(String variable) {
        String key = System.getenv(variable);
        if (key == null || key.isBlank()) {
            throw new ConfigException("api-key-env", variable, "must name an environment variable that has a key");
        }
        return key;
    }
}
