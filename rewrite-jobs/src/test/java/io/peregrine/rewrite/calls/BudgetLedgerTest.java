package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.rewrite.prompts.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetLedgerTest {
    /** 0.15 and 0.60 USD for a million tokens. */
    private static final Price PRICE = new Price(150_000, 600_000);

    @Test
    void costsAreRoundedUp() {
        assertThat(PRICE.of(1_000_000, 1_000_000)).isEqualTo(750_000);
        assertThat(PRICE.of(1, 0)).isEqualTo(1);
        assertThat(PRICE.of(0, 0)).isZero();
        assertThatThrownBy(() -> new Price(-1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("prompt-per-million = -1: must be 0 to 10^9 micro-dollars");
    }

    @Test
    void eachCapRefusesByItself() {
        BudgetLedger tokens = new BudgetLedger(100, Long.MAX_VALUE, PRICE);
        assertThat(tokens.reserve(60, 40)).isPresent();
        assertThat(tokens.reserve(0, 1)).isEmpty();
        BudgetLedger money = new BudgetLedger(Long.MAX_VALUE, 600, PRICE);
        assertThat(money.reserve(0, 1_000)).isPresent();
        assertThat(money.reserve(1, 0)).isEmpty();
    }

    @Test
    void aReservationGivesBackWhatWasNotUsed() {
        BudgetLedger ledger = new BudgetLedger(1_000, 1_000_000, PRICE);
        assertThat(ledger.reserve(500, 500).orElseThrow().settle(new Answer("", "stop", 100, 50)))
                .isEqualTo(45);
        ledger.reserve(400, 400).orElseThrow().release();
        ledger.reserve(300, 100).orElseThrow().forfeit();
        assertThat(ledger.spent()).isEqualTo(new BudgetLedger.Spent(550, 45 + 105));
        assertThat(ledger.reserved()).isFalse();
        assertThat(ledger.reserve(450, 0)).isPresent();
        assertThat(ledger.reserve(1, 0)).isEmpty();
    }

    @Test
    void aReservationEndsOnce() {
        BudgetLedger.Reservation reservation =
                new BudgetLedger(10, 10, PRICE).reserve(1, 1).orElseThrow();
        reservation.release();
        assertThatThrownBy(reservation::forfeit).hasMessage("a reservation ends once");
    }

    /** 1,000 requests of 500 tokens and 255 micro-dollars: the one cap, then the other. */
    @ParameterizedTest
    @CsvSource({"500000, 9000000000", "9000000000, 255000"})
    void noCapIsPassedWith512Threads(long tokensMax, long microDollarsMax) throws Exception {
        int threads = 512;
        BudgetLedger ledger = new BudgetLedger(tokensMax, microDollarsMax, PRICE);
        AtomicLong charged = new AtomicLong();
        CyclicBarrier allHaveReserved = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(pool.submit(() -> {
                    List<BudgetLedger.Reservation> held = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        ledger.reserve(100, 400).ifPresent(held::add);
                    }
                    allHaveReserved.await();
                    // The worst server: it charges for all it may, and some of its answers are lost.
                    for (BudgetLedger.Reservation reservation : held) {
                        charged.addAndGet(PRICE.of(100, 400));
                        if (charged.get() % 2 == 0) {
                            reservation.settle(new Answer("", "length", 100, 400));
                        } else {
                            reservation.forfeit();
                        }
                        // Nothing came back, so nothing may go out.
                        assertThat(ledger.reserve(100, 400)).isEmpty();
                    }
                    return held.size();
                }));
            }
            int sent = 0;
            for (Future<Integer> one : all) {
                sent += one.get();
            }
            assertThat(sent).isEqualTo(1_000);
        } finally {
            pool.shutdownNow();
        }
        assertThat(ledger.spent()).isEqualTo(new BudgetLedger.Spent(500_000, charged.get()));
        assertThat(charged.get()).isEqualTo(255_000);
    }
}
