package io.peregrine.trainer.generate;

import java.util.ArrayList;
import java.util.List;

/** A continuation as it is told. */
final class Told implements GenerationListener {
    final StringBuilder text = new StringBuilder();
    final List<TokenChoice> tokens = new ArrayList<>();
    Finish finish;
    boolean wanted = true;

    @Override
    public void token(TokenChoice token, String piece) {
        tokens.add(token);
        text.append(piece);
    }

    @Override
    public void finished(Finish how, String piece) {
        finish = how;
        text.append(piece);
    }

    @Override
    public boolean isWanted() {
        return wanted;
    }
}
