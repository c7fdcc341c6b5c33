package io.peregrine.data.url;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.Key;
import io.peregrine.data.lists.ListFile;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Settings of the family url. Lists are files of one entry a line, readable under these paths on every executor. */
public record UrlConfig(
        @Key(
                doc =
                        "files of domains and hosts: plain names, hosts files, or the files 'domains' of the UT1 collection;"
                                + " an entry meets a page by its registered domain or by its whole host")
        List<String> domainLists,

        @Key(
                doc =
                        "files of whole addresses, such as the files 'urls' of the UT1 collection; the scheme does not count")
        List<String> urlLists,

        @Key(doc = "files of words any of which condemns an address")
        List<String> hardWordLists,

        @Key(doc = "files of words of which an address may hold one")
        List<String> softWordLists,

        @Key(doc = "files of words looked for inside the address without its punctuation")
        List<String> subwordLists,

        @Key(doc = "whether the short list of our own is added to the words")
        boolean builtInWords,

        @Key(
                doc =
                        "whether words are compared as they are spelled, as datatrove does: then /PORN/ is not met by 'porn'")
        boolean caseSensitiveWords,

        @Key(unit = "bytes", doc = "most bytes of one list after inflation")
        long listBytesMax)
        implements Serializable {
    public static final UrlConfig DEFAULTS =
            new UrlConfig(List.of(), List.of(), List.of(), List.of(), List.of(), true, false, 512L << 20);

    public UrlConfig {
        domainLists = List.copyOf(domainLists);
        urlLists = List.copyOf(urlLists);
        hardWordLists = List.copyOf(hardWordLists);
        softWordLists = List.copyOf(softWordLists);
        subwordLists = List.copyOf(subwordLists);
        if (listBytesMax < 1) {
            throw new ConfigException("list-bytes-max", listBytesMax, "must be >= 1 bytes");
        }
    }

    /** Digest of the settings and of what the lists say: another list under the same path is another filter. */
    public String contentDigest() {
        List<String> files = new ArrayList<>(domainLists);
        files.addAll(urlLists);
        files.addAll(hardWordLists);
        files.addAll(softWordLists);
        files.addAll(subwordLists);
        return new PayloadDigest()
                .add(ConfigDigest.of(this))
                .add(ListFile.digest(files))
                .hex();
    }
}
