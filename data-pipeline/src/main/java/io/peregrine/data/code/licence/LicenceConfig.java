package io.peregrine.data.code.licence;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which licences are wanted. A licence in both lists is denied. */
public record LicenceConfig(
        @Key(
                doc = "SPDX ids that are wanted; an empty list wants every licence that is not denied."
                        + " The default holds permissive ones (Blue Oak Council list, public domain)")
        List<String> allow,

        @Key(doc = "SPDX ids that are not wanted, whatever else is")
        List<String> deny,

        @Key(doc = "keep or drop files of which neither header nor repository says a licence in SPDX")
        Unknown unknown)
        implements Serializable {
    public static final LicenceConfig DEFAULTS = new LicenceConfig(
            List.of(
                    "0BSD",
                    "AFL-3.0",
                    "Apache-1.1",
                    "Apache-2.0",
                    "Artistic-2.0",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "BSD-4-Clause",
                    "BSL-1.0",
                    "CC-BY-3.0",
                    "CC-BY-4.0",
                    "CC0-1.0",
                    "ECL-2.0",
                    "ISC",
                    "LicenseRef-public-domain",
                    "MIT",
                    "MIT-0",
                    "MS-PL",
                    "NCSA",
                    "PSF-2.0",
                    "PostgreSQL",
                    "Python-2.0",
                    "UPL-1.0",
                    "Unlicense",
                    "W3C",
                    "WTFPL",
                    "X11",
                    "ZPL-2.1",
                    "Zlib"),
            List.of("LicenseRef-proprietary"),
            Unknown.KEEP);

    /** What happens to a file whose licence is not known. */
    public enum Unknown {
        KEEP,
        DROP
    }

    public LicenceConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        require("allow", allow);
        require("deny", deny);
    }

    private static void require(String key, List<String> ids) {
        for (String id : ids) {
            if (!id.matches("[A-Za-z0-9][A-Za-z0-9.:-]*\\+?")) {
                throw new ConfigException(key, id, "must be an SPDX licence id such as Apache-2.0, not an expression");
            }
        }
    }

    /** Whether an expression leaves no choice that is wanted. */
    public boolean denies(SpdxExpression expression) {
        Set<String> allowed = lower(allow);
        Set<String> denied = lower(deny);
        return !expression.satisfiable(id -> {
            String plain = id.toLowerCase(Locale.ROOT);
            return !denied.contains(plain) && (allowed.isEmpty() || allowed.contains(plain));
        });
    }

    private static Set<String> lower(List<String> ids) {
        Set<String> lower = new LinkedHashSet<>();
        ids.forEach(id -> lower.add(id.toLowerCase(Locale.ROOT)));
        return lower;
    }
}
