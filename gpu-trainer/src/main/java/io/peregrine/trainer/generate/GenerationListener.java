package io.peregrine.trainer.generate;

/** Told of a continuation while it is made, by the thread that makes it; must not keep that thread. */
public interface GenerationListener {
    /** Why a continuation ended. */
    enum Finish {
        /** The model ended the text, or one of the stop strings came. */
        STOP,
        /** As many tokens were generated as were asked for. */
        LENGTH
    }

    /**
     * A token was chosen that belongs to the continuation.
     *
     * @param token with the likeliest others, where they were asked for
     * @param text what is whole now; often empty, since characters and beginnings of stop strings are held back
     */
    void token(TokenChoice token, String text);

    /**
     * The end.
     *
     * @param text what was held back and belongs to the continuation
     */
    void finished(Finish finish, String text);

    /** Whether anybody still waits; if not, the continuation is given up. */
    default boolean isWanted() {
        return true;
    }
}
