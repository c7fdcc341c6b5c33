package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** How the bytes of one file, or of one archive entry, become documents. */
interface ContentFormat {
    /** Why a file of this name is not for this format; empty if it is. */
    Optional<SkipReason> skips(String name);

    /**
     * The documents of one content.
     *
     * @param location the content's path, as its documents show it
     * @param in read as far as the format wants; the caller closes it
     */
    Content open(ReadScope scope, String location, InputStream in) throws IOException;

    /** The items of one file or entry, one by one. */
    interface Content {
        Optional<SourceItem> next() throws IOException;

        /** A content of one item. */
        static Content of(SourceItem item) {
            return new Content() {
                private Optional<SourceItem> left = Optional.of(item);

                @Override
                public Optional<SourceItem> next() {
                    Optional<SourceItem> now = left;
                    left = Optional.empty();
                    return now;
                }
            };
        }
    }
}
