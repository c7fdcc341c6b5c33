package io.peregrine.data.filters.words;

import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import io.peregrine.data.text.Words;

/** {@link Words} behind the interface of the profiles. */
public final class UnicodeWords implements WordSplitter {
    @Override
    public String profile() {
        return Words.PROFILE;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        Words cursor = new Words(text);
        while (cursor.next()) {
            words.add(cursor.start(), cursor.end());
        }
    }
}
