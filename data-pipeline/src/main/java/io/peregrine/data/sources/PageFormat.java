package io.peregrine.data.sources;

import io.peregrine.data.Document;
import io.peregrine.data.extract.Charsets;
import io.peregrine.data.extract.HtmlToText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** An HTML page: its main text is the document. */
final class PageFormat implements ContentFormat {
    @Override
    public Optional<SkipReason> skips(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean page = lower.endsWith(".html") || lower.endsWith(".htm") || lower.endsWith(".xhtml");
        return page ? Optional.empty() : Optional.of(SkipReason.OTHER_FORMAT);
    }

    @Override
    public Content open(ReadScope scope, String location, InputStream in) throws IOException {
        Optional<byte[]> bytes = BoundedBytes.readAll(in, scope.limits().maxDocumentBytes());
        return Content.of(
                bytes.isEmpty() ? scope.tooLarge(location) : page(scope, location, bytes.get(), Optional.empty()));
    }

    /** The document of a page as it came over the wire, decoded by what HTTP, page and bytes say of the charset. */
    static SourceItem page(ReadScope scope, String location, byte[] bytes, Optional<String> httpCharset) {
        return page(scope, location, Charsets.decodeHtml(bytes, httpCharset));
    }

    /** The document of a decoded page. */
    static SourceItem page(ReadScope scope, String location, String html) {
        HtmlToText.Page page = HtmlToText.extract(html);
        if (page.text().isBlank()) {
            return scope.rejected(location, RejectReason.NO_TEXT, "the page has no main text");
        }
        return scope.document(location, page.language().orElse(Document.UNDETERMINED), page.text());
    }
}
