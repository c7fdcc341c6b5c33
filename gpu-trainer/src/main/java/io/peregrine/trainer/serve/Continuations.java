package io.peregrine.trainer.serve;

import io.peregrine.trainer.generate.GenerationListener;
import io.peregrine.trainer.generate.GenerationListener.Finish;
import io.peregrine.trainer.generate.TokenChoice;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What comes of the continuations that one call asked for, on its way from the thread that makes them to the one that
 * answers.
 *
 * <p>Memory: an event per token that has not been answered yet, which {@code max_tokens} bounds.
 */
final class Continuations {
    /** Something of one continuation. */
    sealed interface Event {
        int index();

        /** The text that it brings. */
        default String text() {
            return "";
        }

        /** A token, and the text that is whole now. */
        record Token(int index, TokenChoice choice, String text) implements Event {}

        /** The end, and the text that was held back. */
        record End(int index, Finish finish, String text) implements Event {}

        /** It cannot be continued. */
        record Failed(int index, RuntimeException reason) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean wanted = true;

    /** The listener of a continuation. */
    GenerationListener listener(int index) {
        return new GenerationListener() {
            @Override
            public void token(TokenChoice token, String text) {
                events.add(new Event.Token(index, token, text));
            }

            @Override
            public void finished(Finish finish, String text) {
                events.add(new Event.End(index, finish, text));
            }

            @Override
            public boolean isWanted() {
                return wanted;
            }
        };
    }

    /** A continuation cannot be made. */
    void fail(int index, RuntimeException reason) {
        events.add(new Event.Failed(index, reason));
    }

    /** Nobody waits any more. */
    void abandon() {
        wanted = false;
    }

    /** The next event; throws what a continuation failed with. */
    Event take() {
        try {
            Event event = events.take();
            if (event instanceof Event.Failed failed) {
                throw failed.reason();
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.of(503, "shutting_down", "the server is shutting down");
        }
    }
}
