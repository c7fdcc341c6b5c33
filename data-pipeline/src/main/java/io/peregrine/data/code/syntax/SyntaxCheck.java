package io.peregrine.data.code.syntax;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * How many places of a text its language cannot contain: a sanity check, not a compiler.
 *
 * <p>JSON is read by Jackson and XML by StAX, both to the first error, which counts one; without external entities or
 * document types, so that nothing is fetched and nothing grows. Programs are held to what {@link SourceScanner} sees.
 * Nothing is executed.
 *
 * <p>Thread: one at a time.
 */
public final class SyntaxCheck {
    private static final int JSON_DEPTH_MAX = 1000;

    private final JsonFactory json;
    private final JsonFactory jsonWithComments;
    private final XMLInputFactory xml;

    public SyntaxCheck() {
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(JSON_DEPTH_MAX)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        json = JsonFactory.builder().streamReadConstraints(bounds).build();
        jsonWithComments = JsonFactory.builder()
                .streamReadConstraints(bounds)
                .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, true)
                .configure(JsonReadFeature.ALLOW_TRAILING_COMMA, true)
                .configure(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, true)
                .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, true)
                .configure(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS, true)
                .configure(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS, true)
                .configure(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS, true)
                .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, true)
                .build();
        xml = XMLInputFactory.newDefaultFactory();
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        xml.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    }

    /**
     * Errors of a text.
     *
     * @param scanner a scanner that has just scanned this text as this language
     * @return number of errors; NaN for languages that are not checked
     */
    public double errors(String text, CodeLanguage language, SourceScanner scanner) {
        return switch (language.syntax().check()) {
            case NONE -> Double.NaN;
            case BRACKETS, PYTHON -> scanner.errors();
            case JSON -> json(text, json, false);
            case JSON_COMMENTS -> json(text, jsonWithComments, false);
            case JSON_LINES -> json(text, json, true);
            case XML -> xml(text);
        };
    }

    private static int json(String text, JsonFactory factory, boolean many) {
        int depth = 0;
        int values = 0;
        try (JsonParser parser = factory.createParser(new StringReader(withoutMark(text)))) {
            while (parser.nextToken() != null) {
                values += depth == 0 && !parser.currentToken().isStructEnd() ? 1 : 0;
                depth += parser.currentToken().isStructStart() ? 1 : 0;
                depth -= parser.currentToken().isStructEnd() ? 1 : 0;
            }
            return values == 1 || (many && values > 1) ? 0 : 1;
        } catch (JsonProcessingException e) {
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        }
    }

    private int xml(String text) {
        try {
            XMLStreamReader reader = xml.createXMLStreamReader(new StringReader(withoutMark(text)));
            try {
                while (reader.hasNext()) {
                    reader.next();
                }
                return 0;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            return 1;
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
