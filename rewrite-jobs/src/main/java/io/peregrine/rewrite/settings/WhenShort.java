package io.peregrine.rewrite.settings;

/** What happens where the budget is not enough. It is never passed. */
public enum WhenShort {
    /** An estimate above what is left is refused before anything is sent; a run that needs more than estimated stops. */
    REFUSE,
    /** It is spent, then the run stops and says what is left and how to go on. */
    STOP,
    /** It is spent, then the stage is finished with the answers that there are. */
    FINISH
}
