package io.peregrine.data.toxicity;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.Key;
import io.peregrine.data.lists.ListFile;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings of the family toxicity. */
public record ToxicityConfig(
        @Key(
                doc =
                        "by BCP 47 language, a file of words and phrases, one a line (the layout of LDNOOBW), readable under"
                                + " this path on every executor; a language without one is not measured")
        Map<String, String> lists,

        @Key(doc = "words that no list means, such as 'sm'; compared in lower case")
        List<String> exempt,

        @Key(doc = "languages whose words are found inside others, because they are written without spaces")
        List<String> withoutBoundaries,

        @Key(unit = "bytes", doc = "most bytes of one list after inflation")
        long listBytesMax)
        implements Serializable {
    public static final ToxicityConfig DEFAULTS =
            new ToxicityConfig(Map.of(), List.of(), List.of("ja", "th", "zh"), 16L << 20);

    public ToxicityConfig {
        lists = Collections.unmodifiableMap(new TreeMap<>(lists));
        exempt = List.copyOf(exempt);
        withoutBoundaries = List.copyOf(withoutBoundaries);
        if (listBytesMax < 1) {
            throw new ConfigException("list-bytes-max", listBytesMax, "must be >= 1 bytes");
        }
    }

    /** Digest of the settings and of what the lists say: another list under the same path is another filter. */
    public String contentDigest() {
        return new PayloadDigest()
                .add(ConfigDigest.of(this))
                .add(ListFile.digest(List.copyOf(lists.values())))
                .hex();
    }
}
