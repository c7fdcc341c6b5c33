package io.peregrine.mixture.window;

import io.peregrine.data.config.YamlWriter;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Measured windows as a run file takes them: {@code mixture.streams.NAME.window-tokens}, by which {@code mixture plan} keeps a
 * repeated stream's weight at most at its tokens over its window.
 *
 * @param mixture the part of a run file's section
 */
public record WindowCaps(Section mixture) {

    /** @param streams by name; none that has no window */
    public record Section(Map<String, Window> streams) {
        public Section {
            streams = Collections.unmodifiableMap(new TreeMap<>(streams));
        }
    }

    /** @param windowTokens the cap */
    public record Window(long windowTokens) {}

    /** Windows by stream, rounded up to whole tokens. */
    public static WindowCaps of(Map<String, Double> windowTokens) {
        Map<String, Window> streams = new TreeMap<>();
        windowTokens.forEach((name, tokens) -> streams.put(
                name, new Window(BigDecimal.valueOf(Math.ceil(tokens)).longValueExact())));
        return new WindowCaps(new Section(streams));
    }

    /**
     * The number to cap a stream by: the certificate if there is one, for it assumes no shape; else the upper end of the fitted
     * window's interval where that was measured; else nothing.
     */
    public static Optional<Double> choose(Certificate certificate, Optional<FittedWindow> fitted, double oldestTokens) {
        if (certificate instanceof Certificate.Certified certified) {
            return Optional.of(certified.fromTokens());
        }
        return fitted.filter(FittedWindow.Found.class::isInstance)
                .map(FittedWindow.Found.class::cast)
                .map(FittedWindow.Found::upper)
                .filter(upper -> upper <= oldestTokens);
    }

    /** The options that set the same from a command line. */
    public String toOptions() {
        StringBuilder options = new StringBuilder();
        mixture.streams()
                .forEach((name, window) -> options.append(options.isEmpty() ? "" : " ")
                        .append("--set mixture.streams.%s.window-tokens=%d".formatted(name, window.windowTokens())));
        return options.toString();
    }

    /** The fragment as YAML, with comment lines before it. */
    public String toYaml(String comment) {
        return YamlWriter.write(comment, this);
    }
}
