package io.peregrine.data.sources;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The example sentences of LanguageTool's grammar rules, as documents of one category's sentences in file order.
 *
 * <p>An example without a correction is a correct sentence. In an example with one, the marked fault is replaced by the
 * first correction; an example that offers none would teach the fault, and is left out. Each sentence stands once in a
 * document, on a line of its own.
 */
final class LanguageToolFormat implements ContentFormat {
    private static final Pattern RULES =
            Pattern.compile("org/languagetool/rules/([a-z]{2,3})/(?:.*/)?(?:grammar|style)[^/]*\\.xml");
    /** A document ends at the first rule border after so many characters: a few paragraphs, like a page. */
    private static final int DOCUMENT_CHARS = 2000;

    private static final XMLInputFactory XML = safeFactory();

    @Override
    public Optional<SkipReason> skips(String name) {
        return RULES.matcher(name).matches() ? Optional.empty() : Optional.of(SkipReason.OTHER_FORMAT);
    }

    @Override
    public Content open(ReadScope scope, String location, InputStream in) throws IOException {
        Matcher matcher = RULES.matcher(location);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a rule file: " + location);
        }
        InputStream filtered = new EntityFilter(new BufferedInputStream(in));
        try {
            return new Examples(scope, location, matcher.group(1), XML.createXMLStreamReader(filtered));
        } catch (XMLStreamException e) {
            return Content.of(malformed(scope, location, e));
        }
    }

    /**
     * Nothing outside the file is opened, and {@link EntityFilter} leaves no entity to expand. The declarations are parsed
     * only because the JDK's way to skip them ends at a bracket inside an entity's value; its limits hold for them.
     */
    private static XMLInputFactory safeFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> new ByteArrayInputStream(new byte[0]));
        return factory;
    }

    private static SourceItem malformed(ReadScope scope, String location, XMLStreamException e) throws IOException {
        if (e.getNestedException() instanceof IOException io) {
            throw io;
        }
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
        return scope.rejected(location + ":" + line, RejectReason.MALFORMED_XML, String.valueOf(e.getMessage()));
    }

    private static final class Examples implements Content {
        private final ReadScope scope;
        private final String location;
        private final String language;
        private final XMLStreamReader xml;
        private final Set<String> sentences = new LinkedHashSet<>();
        private String category = "";
        private String rule = "";
        private String firstRule = "";
        private int chars;
        private boolean finished;

        Examples(ReadScope scope, String location, String language, XMLStreamReader xml) {
            this.scope = scope;
            this.location = location;
            this.language = language;
            this.xml = xml;
        }

        @Override
        public Optional<SourceItem> next() throws IOException {
            try {
                while (!finished && xml.hasNext()) {
                    int event = xml.next();
                    if (event == XMLStreamConstants.START_ELEMENT) {
                        start();
                    } else if (event == XMLStreamConstants.END_ELEMENT && endsDocument()) {
                        return Optional.of(document());
                    }
                }
            } catch (XMLStreamException e) {
                finished = true;
                sentences.clear();
                return Optional.of(malformed(scope, location, e));
            }
            finished = true;
            return sentences.isEmpty() ? Optional.empty() : Optional.of(document());
        }

        private void start() throws XMLStreamException {
            switch (xml.getLocalName()) {
                case "category" -> category = id();
                case "rulegroup" -> rule = id();
                case "rule" -> rule = id().isEmpty() ? rule : id();
                case "example" -> example();
                default -> {}
            }
        }

        private String id() {
            String id = xml.getAttributeValue(null, "id");
            return id == null ? "" : id;
        }

        /** A document ends with its category, or at the end of a rule once it is long enough. */
        private boolean endsDocument() {
            String name = xml.getLocalName();
            boolean end = name.equals("category")
                    || (chars >= DOCUMENT_CHARS && (name.equals("rulegroup") || name.equals("rule")));
            return end && !sentences.isEmpty();
        }

        private void example() throws XMLStreamException {
            String correction = xml.getAttributeValue(null, "correction");
            String type = xml.getAttributeValue(null, "type");
            StringBuilder text = new StringBuilder();
            boolean marked = false;
            int depth = 1;
            while (depth > 0) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                    if (xml.getLocalName().equals("marker") && correction != null) {
                        marked = true;
                        text.append(correction.split("\\|", 2)[0]);
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                    marked &= !xml.getLocalName().equals("marker");
                } else if (!marked && (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA)) {
                    keep(text);
                }
            }
            boolean faulty = "".equals(correction) || (correction == null && type != null && !type.equals("correct"));
            String sentence = text.toString().strip().replaceAll("\\s+", " ");
            if (!faulty && !sentence.isEmpty() && sentences.add(sentence)) {
                firstRule = sentences.size() == 1 ? rule : firstRule;
                chars += sentence.length() + 1;
            }
        }

        private void keep(StringBuilder text) throws XMLStreamException {
            text.append(xml.getText());
            if (text.length() > scope.limits().maxDocumentBytes()) {
                throw new XMLStreamException("an example of more than max-document-bytes", xml.getLocation());
            }
        }

        private SourceItem document() {
            String text = String.join("\n", sentences);
            sentences.clear();
            chars = 0;
            return scope.document("%s#%s/%s".formatted(location, category, firstRule), language, text);
        }
    }
}
