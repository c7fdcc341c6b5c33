package io.peregrine.data.sources;

import io.peregrine.data.Document;
import io.peregrine.data.extract.Charsets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Plain text: one document a file, decoded by byte order mark, UTF-8 or, failing these, detection. */
final class TextFormat implements ContentFormat {
    /** How much of a file is searched for the zero bytes that text never has; as git does it. */
    private static final int SNIFFED_BYTES = 8000;

    @Override
    public Optional<SkipReason> skips(String name) {
        return Optional.empty();
    }

    @Override
    public Content open(ReadScope scope, String location, InputStream in) throws IOException {
        return Content.of(item(scope, location, Document.UNDETERMINED, in));
    }

    /** The one item of a text file. */
    static SourceItem item(ReadScope scope, String location, String language, InputStream in) throws IOException {
        Optional<byte[]> read = BoundedBytes.readAll(in, scope.limits().maxDocumentBytes());
        if (read.isEmpty()) {
            return scope.tooLarge(location);
        }
        byte[] bytes = read.get();
        if (isBinary(bytes)) {
            return new SourceItem.Skipped(SkipReason.BINARY);
        }
        return scope.document(location, language, Charsets.decodeText(bytes));
    }

    private static boolean isBinary(byte[] bytes) {
        if (Charsets.hasByteOrderMark(bytes)) {
            return false;
        }
        for (int i = 0; i < Math.min(bytes.length, SNIFFED_BYTES); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
