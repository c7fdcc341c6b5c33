package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Program source: one document a file, its language named by the file's extension. */
final class CodeFormat implements ContentFormat {
    @Override
    public Optional<SkipReason> skips(String name) {
        return ProgrammingLanguage.ofFile(name).isPresent() ? Optional.empty() : Optional.of(SkipReason.OTHER_FORMAT);
    }

    @Override
    public Content open(ReadScope scope, String location, InputStream in) throws IOException {
        String language = ProgrammingLanguage.ofFile(location).orElseThrow();
        return Content.of(TextFormat.item(scope, location, language, in));
    }
}
