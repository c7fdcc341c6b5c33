package io.peregrine.trainer.cuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/**
 * What is to be given back once its owner can no longer be reached, as the garbage collector finds out; it is given back
 * when it is asked for here, by the thread that asks.
 *
 * <p>Thread: one at a time.
 */
final class Unreachable {
    /** How long the collector's first find may take to come in, and then each after the one before. */
    private static final long FIRST_MS = 300;

    private static final long NEXT_MS = 20;

    private final ReferenceQueue<Object> found = new ReferenceQueue<>();
    private final Set<Watched> watched = new HashSet<>();

    private static final class Watched extends PhantomReference<Object> {
        private final Runnable giveBack;

        Watched(Object owner, ReferenceQueue<Object> queue, Runnable giveBack) {
            super(owner, queue);
            this.giveBack = giveBack;
        }
    }

    /** @param giveBack must not reach the owner */
    void watch(Object owner, Runnable giveBack) {
        watched.add(new Watched(owner, found, giveBack));
    }

    /** Gives back what the collector has found so far. */
    void giveBack() {
        for (Object next = found.poll(); next != null; next = found.poll()) {
            giveBack((Watched) next);
        }
    }

    /** Asks the collector to look everywhere, and gives back what it finds: the finds come in after it has returned. */
    void collect() {
        watch(new Object(), () -> {}); // so that something is found
        System.gc();
        try {
            for (Object next = found.remove(FIRST_MS); next != null; next = found.remove(NEXT_MS)) {
                giveBack((Watched) next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // what was found is given back the next time
        }
    }

    private void giveBack(Watched one) {
        watched.remove(one);
        one.giveBack.run();
    }
}
