package io.peregrine.trainer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.MachineException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.generate.GenerationListener;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.generate.GenerationRequest;
import io.peregrine.trainer.generate.Sampling;
import io.peregrine.trainer.generate.TokenChoice;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.RandomModel;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationServiceTest {
    @TempDir
    static Path folder;

    private static RandomModel random;

    @BeforeAll
    static void open() {
        random = new RandomModel(folder, Backend.CPU.open(Backend.CPU.defaultDType(), 1));
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static GenerationService.Job job(
            GenerationRequest request, RuntimeException onToken, CompletableFuture<String> told) {
        GenerationListener listener = new GenerationListener() {
            @Override
            public void token(TokenChoice token, String text) {
                if (onToken != null) {
                    throw onToken;
                }
            }

            @Override
            public void finished(Finish finish, String text) {
                told.complete(finish.toString());
            }

            @Override
            public boolean isWanted() {
                return true;
            }
        };
        return new GenerationService.Job(request, listener, told::completeExceptionally);
    }

    /** What the machine lacks for one text is no fault of who asked for it, and the others go on. */
    @Test
    void aMachineThatFailsOneTextIsTheServersFault() throws Exception {
        GenerationRequest request = new GenerationRequest(
                List.of(1, 2), 3, Sampling.GREEDY, SeedStream.of(9), List.of(), OptionalInt.empty());
        GenerationService service =
                new GenerationService(new GenerationLoop(random.model(), random.tokenizer(), 2, 60), 4);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        service.submit(List.of(
                job(request, new MachineException("out of device memory: lower --sequences"), first),
                job(request, null, second)));
        Thread thread = new Thread(service::run, "loop");
        thread.start();
        assertThat(second.get(1, TimeUnit.MINUTES)).isNotEmpty();
        assertThat(first)
                .failsWithin(1, TimeUnit.MINUTES)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        ApiException.class,
                        answer -> assertThat(answer.status()).isEqualTo(500))
                .withMessageContaining("lower --sequences");
        service.close();
        thread.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(thread.isAlive()).isFalse();
    }
}
