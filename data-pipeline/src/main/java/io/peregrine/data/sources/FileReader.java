package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file that is one content: a page, a source file, a text. */
final class FileReader extends SourceReader {
    private final ContentFormat format;
    private Optional<InputStream> in = Optional.empty();
    private Optional<ContentFormat.Content> content = Optional.empty();

    FileReader(ReadScope scope, ContentFormat format) {
        super(scope);
        this.format = format;
    }

    @Override
    Optional<SourceItem> advance() throws IOException {
        if (content.isEmpty()) {
            String origin = scope.file().origin();
            Optional<SkipReason> skipped =
                    scope.excludes(origin) ? Optional.of(SkipReason.EXCLUDED) : format.skips(origin);
            if (skipped.isPresent()) {
                content = Optional.of(ContentFormat.Content.of(new SourceItem.Skipped(skipped.get())));
            } else {
                in = Optional.of(scope.file().open());
                content = Optional.of(format.open(scope, origin, in.get()));
            }
        }
        return content.get().next();
    }

    @Override
    String position() {
        return "";
    }

    @Override
    void release() throws IOException {
        if (in.isPresent()) {
            in.get().close();
        }
    }
}
