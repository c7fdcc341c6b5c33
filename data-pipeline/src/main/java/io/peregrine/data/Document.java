package io.peregrine.data;

import io.peregrine.data.manifest.PayloadDigest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One document on its way from a source to the model.
 *
 * <p>Documents are content-addressed: equal texts have equal ids, whatever file they came from, so an exact duplicate is
 * an equal id. A row of a table is named by id, source, origin and location together.
 *
 * @param id first 32 hexadecimal digits of the SHA-256 of the text in UTF-8
 * @param source name of the source in the run file
 * @param domain what kind of text it is: web, code, math, multilingual, ...; mixture streams are made of domains
 * @param origin name of the input file
 * @param location address of the page, or path inside the input file: where a person would look it up
 * @param repository name of the repository, package or archive whose file this is; empty for what is not part of one
 * @param licence SPDX expression, that of the document where it says one, otherwise of its source
 * @param language BCP 47 code, a programming language's name for code, or {@code und} while it is not known
 * @param text the text, well-formed Unicode
 */
public record Document(
        String id,
        String source,
        String domain,
        String origin,
        String location,
        String repository,
        String licence,
        String language,
        String text) {
    /** The language of a document nobody has looked at yet. */
    public static final String UNDETERMINED = "und";

    private static final int ID_BYTES = 16;

    public Document {
        if (id.length() != 2 * ID_BYTES) {
            throw new IllegalArgumentException("document id %s: must have 32 hexadecimal digits".formatted(id));
        }
    }

    /** A document whose id is computed from its text, of no repository and under no licence yet. */
    public static Document of(
            String source, String domain, String origin, String location, String language, String text) {
        return new Document(idOf(text), source, domain, origin, location, "", "", language, text);
    }

    /** The id that a text has. */
    public static String idOf(String text) {
        byte[] hash = PayloadDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES));
    }

    /** The same document with its language found. */
    public Document withLanguage(String found) {
        return new Document(id, source, domain, origin, location, repository, licence, found, text);
    }

    /** The same document in another domain. */
    public Document withDomain(String other) {
        return new Document(id, source, other, origin, location, repository, licence, language, text);
    }

    /** The same document as a file of a repository. */
    public Document withRepository(String name) {
        return new Document(id, source, domain, origin, location, name, licence, language, text);
    }

    /** The same document under a licence. */
    public Document withLicence(String spdx) {
        return new Document(id, source, domain, origin, location, repository, spdx, language, text);
    }

    /** The same provenance with another text, and so another id. */
    public Document withText(String changed) {
        return new Document(idOf(changed), source, domain, origin, location, repository, licence, language, changed);
    }
}
