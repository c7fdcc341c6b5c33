package io.peregrine.data.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Peregrine that is running, as the build wrote it down. */
public final class CodeVersion {
    /** For example {@code 0.1.0}. */
    public static final String CURRENT = read();

    private CodeVersion() {}

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = CodeVersion.class.getResourceAsStream("/io/peregrine/data/version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar has no version.properties", e);
        }
        return properties.getProperty("version");
    }
}
