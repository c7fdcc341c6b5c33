package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.rewrite.calls.FaultyServer.Fault;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.Sampling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallerTest {
    private static final ModelId MODEL = new ModelId("m", "r1");
    private static final Price PRICE = new Price(150_000, 600_000);
    private static final Fault[] QUICK_FAULTS = {
        Fault.RATE_LIMIT,
        Fault.UNAVAILABLE,
        Fault.CLOSED,
        Fault.TRUNCATED,
        Fault.MALFORMED,
        Fault.HTML,
        Fault.EMPTY_CHOICES,
        Fault.NO_CONTENT
    };

    @TempDir
    Path folder;

    @Test
    void aFifthOfFaultsAndAKillCostOnePassAndAHundredthAtMost() {
        int n = 2_000;
        try (FaultyServer server = new FaultyServer((number, request) -> twentyPercent(number))) {
            List<Response> before = new ArrayList<>();
            // Killed: what is not forced and what is in flight is lost, and nobody closes anything.
            ResponseLog killed = new ResponseLog(folder, 0, 8);
            EndpointClient first = client(server);
            Caller victim = caller(requests(n), server, first, ledger(Long.MAX_VALUE), killed, 8);
            for (int i = 0; i < n / 2; i++) {
                before.add(victim.next());
            }
            List<Response> all = new ArrayList<>();
            BudgetLedger ledger = ledger(Long.MAX_VALUE);
            try (ResponseLog log = new ResponseLog(folder, 1, 8);
                    EndpointClient second = client(server)) {
                ledger.alreadySpent(log.spent());
                caller(requests(n), server, second, ledger, log, 8).forEachRemaining(all::add);
            }
            first.close();
            assertThat(before).hasSize(n / 2);
            assertThat(all).hasSize(n);
            assertThat(all.stream().map(Response::key).distinct()).hasSize(n);
            assertThat(all).allSatisfy(one -> assertThat(one.answer()).isPresent());
            assertThat(server.charged.get()).isBetween((long) n, n + n / 100L);
            // What is counted is what the responses say, with the most that those in flight at the kill may have cost,
            // and
            // at least what the server charged for its answers.
            long told = all.stream().mapToLong(Response::tokens).sum();
            assertThat(ledger.spent().tokens())
                    .isBetween(told, told + 8 * 400)
                    .isGreaterThanOrEqualTo(16 * server.charged.get());
        }
    }

    @Test
    void theBudgetHoldsWith512InFlightAndWhatIsNotSentHasAReason() {
        int n = 6_000;
        int inFlight = 512;
        // Each takes 16 tokens, or all of some 330 that were reserved if its answer is lost; 512 reserve 170,000.
        long cap = 300_000;
        // From the 700th on none is answered before 512 are there together.
        CountDownLatch together = new CountDownLatch(inFlight);
        try (FaultyServer server = new FaultyServer((number, request) -> {
                    if (number >= 700) {
                        together.countDown();
                        await(together);
                    }
                    return number % 5 == 0 ? Fault.MALFORMED : Fault.NONE;
                });
                EndpointClient client = client(server, Duration.ofSeconds(60));
                ResponseLog log = new ResponseLog(folder, 0, 64)) {
            BudgetLedger ledger = ledger(cap);
            List<Response> all = new ArrayList<>();
            caller(requests(n), server, client, ledger, log, inFlight).forEachRemaining(all::add);
            assertThat(together.getCount()).isZero();
            assertThat(all.stream().map(Response::key).distinct()).hasSize(n);
            assertThat(all).hasSize(n);
            long answered = all.stream().filter(one -> one.answer().isPresent()).count();
            assertThat(ledger.spent().tokens())
                    .isEqualTo(all.stream().mapToLong(Response::tokens).sum())
                    .isBetween(16 * answered, cap);
            assertThat(all.stream().filter(one -> one.answer().isEmpty()))
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.reason()).contains(FailureReason.OVER_BUDGET));
            assertThat(server.charged.get()).isEqualTo(answered);
        }
    }

    @Test
    void aFailureThatNoAttemptMendsIsSentOnceAndOthersUpToTheirMost() {
        for (Fault fault : List.of(Fault.NO_USAGE, Fault.REDIRECT, Fault.UNAVAILABLE, Fault.MALFORMED)) {
            int sent = fault == Fault.NO_USAGE || fault == Fault.REDIRECT ? 1 : 12;
            try (FaultyServer server = FaultyServer.always(fault);
                    EndpointClient client = client(server);
                    ResponseLog log = new ResponseLog(folder.resolve(fault.name()), 0, 1)) {
                Response response = caller(requests(1), server, client, ledger(Long.MAX_VALUE), log, 4)
                        .next();
                assertThat(server.seen).hasSize(sent);
                assertThat(response.attempts()).isEqualTo(sent);
                assertThat(response.detail()).isNotBlank();
                // A redirect is certain to be free, the others may have been charged each time.
                assertThat(response.tokens() > 0).isEqualTo(fault != Fault.REDIRECT);
            }
        }
    }

    @Test
    void aRefusedKeyStopsTheTask() {
        try (FaultyServer server = FaultyServer.always(Fault.KEY_ECHOED);
                EndpointClient client = client(server);
                ResponseLog log = new ResponseLog(folder, 0, 1)) {
            Caller caller = caller(requests(100), server, client, ledger(Long.MAX_VALUE), log, 4);
            assertThatThrownBy(caller::next)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("endpoint test: status 401: ")
                    .hasMessageEndingWith("; the server refuses the key: look at what key-env or key-file names");
            assertThat(server.seen.size()).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void aKeyThatTheServerSaysBackReachesNoLogNoExceptionAndNoStandardStream() throws IOException {
        String secret = "sk-0123456789abcdef0123456789abcdef";
        ApiKey key = ApiKey.read(new KeySource(KeySource.Kind.ENVIRONMENT, "KEY"), Map.of("KEY", secret))
                .orElseThrow();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        try (FaultyServer server = new FaultyServer(
                        (number, request) -> number < 5 ? Fault.KEY_ECHOED_AS_BAD_REQUEST : Fault.KEY_ECHOED);
                EndpointClient client = new EndpointClient(
                        server.endpoint(),
                        EndpointClass.CHAT,
                        MODEL,
                        Optional.of(key),
                        1,
                        Duration.ofSeconds(5),
                        100_000);
                ResponseLog log = new ResponseLog(folder, 0, 1)) {
            Caller caller = caller(requests(100), server, client, ledger(Long.MAX_VALUE), log, 1);
            for (int i = 0; i < 5; i++) {
                assertThat(caller.next().toString()).contains("Bearer ***").doesNotContain("sk-0");
            }
            assertThatThrownBy(caller::next).hasMessageContaining("Bearer ***").hasMessageNotContaining("sk-0");
            assertThat(server.seen)
                    .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer " + secret));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(Files.readString(folder.resolve("attempt-0.log")))
                .contains("Bearer ***")
                .doesNotContain("sk-0");
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("sk-0");
    }

    private static Fault twentyPercent(long number) {
        if (number % 499 == 3) {
            return Fault.STALLED;
        }
        return number % 5 == 0 ? QUICK_FAULTS[(int) (number / 5 % QUICK_FAULTS.length)] : Fault.NONE;
    }

    private static Iterator<Request> requests(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> new Prompt("prose", 1, "prose", "", "Text " + i, new Sampling(0, 1, 64, 7)))
                .map(prompt -> new Request(RequestKey.of(MODEL, EndpointClass.CHAT, prompt), prompt))
                .iterator();
    }

    private static BudgetLedger ledger(long tokens) {
        return new BudgetLedger(tokens, Long.MAX_VALUE, PRICE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EndpointClient client(FaultyServer server) {
        return client(server, Duration.ofSeconds(1));
    }

    private static EndpointClient client(FaultyServer server, Duration timeout) {
        return new EndpointClient(
                server.endpoint(), EndpointClass.CHAT, MODEL, Optional.empty(), 512, timeout, 100_000);
    }

    private static Caller caller(
            Iterator<Request> requests,
            FaultyServer server,
            EndpointClient client,
            BudgetLedger ledger,
            ResponseLog log,
            int inFlight) {
        return new Caller(
                requests,
                new Endpoints(List.of(server.endpoint())),
                (endpoint, prompt) -> client.send(prompt),
                new RateLimiter(1e9, 1e12, inFlight, System.nanoTime()),
                ledger,
                new RetryPolicy(12, Duration.ofMillis(1), Duration.ofMillis(20)),
                log,
                inFlight);
    }
}
