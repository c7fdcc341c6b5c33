package io.peregrine.data.code.licence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which licence holds for the files of one repository: what a file's header says, else the licence file that is nearest
 * upward, else what the repository declares, else the licence file nearest its root.
 *
 * <p>Licence files beside each other are a choice, as in {@code LICENSE-MIT} and {@code LICENSE-APACHE}.
 */
public final class RepositoryLicences {
    private final TreeMap<String, String> byFolder = new TreeMap<>();
    private final String declared;

    /**
     * Reads the licence files.
     *
     * @param files text by path; files that are no licence files are passed over
     * @param declared what is known of the repository as a whole, an SPDX expression; may be empty
     */
    public RepositoryLicences(Map<String, String> files, String declared, LicenceFinder finder) {
        this.declared = declared;
        TreeMap<String, List<String>> found = new TreeMap<>();
        new TreeMap<>(files).forEach((path, text) -> {
            if (LicenceFinder.isLicenceFile(path)) {
                finder.ofLicenceFile(text)
                        .ifPresent(licence -> found.computeIfAbsent(home(path), folder -> new ArrayList<>())
                                .add(licence));
            }
        });
        found.forEach((folder, licences) -> byFolder.put(folder, SpdxExpression.anyOf(licences)));
    }

    /** The licence of a file; empty if nothing says one. */
    public String of(String path, Optional<String> header) {
        return header.or(() -> nearest(path)).orElseGet(() -> declared.isEmpty() ? ofRepository() : declared);
    }

    /** The licence of the repository: that of the licence file nearest its root, else what is declared. */
    public String ofRepository() {
        return byFolder.entrySet().stream()
                .min(Map.Entry.<String, String>comparingByKey((a, b) -> Integer.compare(depth(a), depth(b)))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getValue)
                .orElse(declared);
    }

    private Optional<String> nearest(String path) {
        String folder = folder(path);
        while (true) {
            String licence = byFolder.get(folder);
            if (licence != null) {
                return Optional.of(licence);
            }
            if (folder.isEmpty()) {
                return Optional.empty();
            }
            folder = folder(folder);
        }
    }

    /** The folder that a licence file speaks for; packages keep theirs in {@code META-INF}, {@code licenses} and the like. */
    private static String home(String path) {
        String folder = folder(path);
        String name = folder.substring(folder.lastIndexOf('/') + 1);
        boolean apart = name.equalsIgnoreCase("META-INF")
                || name.equalsIgnoreCase("licenses")
                || name.equalsIgnoreCase("licences")
                || name.endsWith(".dist-info")
                || name.endsWith(".egg-info");
        return apart ? home(folder) : folder;
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static int depth(String folder) {
        return folder.isEmpty()
                ? 0
                : 1 + (int) folder.chars().filter(c -> c == '/').count();
    }
}
