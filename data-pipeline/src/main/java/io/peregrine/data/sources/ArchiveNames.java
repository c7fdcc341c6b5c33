package io.peregrine.data.sources;

import java.util.regex.Pattern;

/** What the name of an archive says: that it is one, and of which repository or package. */
final class ArchiveNames {
    private static final Pattern EXTENSION =
            Pattern.compile("\\.(zip|jar|tar|tgz|tzst|tar\\.gz|tar\\.zst)$", Pattern.CASE_INSENSITIVE);

    /** Maven's usual classifiers of what is read here; with them cut off, pages and source of a package meet. */
    private static final Pattern CLASSIFIER =
            Pattern.compile("[-.](sources|javadoc|test-sources|tests|src|source|doc|docs)$", Pattern.CASE_INSENSITIVE);

    private ArchiveNames() {}

    /** Whether a file among source files is an archive of them. */
    static boolean isArchive(String path) {
        return EXTENSION.matcher(path).find();
    }

    /** The name without folders, extension and classifier: {@code a/gson-2.11.0-sources.jar} is {@code gson-2.11.0}. */
    static String repository(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String base = EXTENSION.matcher(name).replaceFirst("");
        String bare = CLASSIFIER.matcher(base).replaceFirst("");
        return bare.isEmpty() ? name : bare;
    }
}
