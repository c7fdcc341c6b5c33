package io.peregrine.data.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints progress: on a terminal one line that is rewritten in place, elsewhere a plain line now and then, and in both a
 * line of summary at the end of each task. On a terminal what was said comes first and then the time left: of the rest
 * there is as much as fits.
 *
 * <p>Thread: safe. Tasks may overlap; each line names its task.
 */
public final class ConsoleProgress implements Progress {
    private static final Duration LIVE_EVERY = Duration.ofMillis(200);
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);
    private static final String TERMINAL_COLUMNS = "PEREGRINE_TERMINAL_COLUMNS";
    private static final String PART = ", ";
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final int columns;
    private final boolean live;

    private ConsoleProgress(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
        this.live = columns > 0;
    }

    /**
     * Rewrites one line in place.
     *
     * @param columns width of the terminal: a longer line would wrap, and could not be erased
     */
    public static ConsoleProgress live(PrintStream terminal, int columns) {
        return new ConsoleProgress(terminal, Math.max(1, columns));
    }

    /** Prints plain lines, for pipes and logs. */
    public static ConsoleProgress plain(PrintStream out) {
        return new ConsoleProgress(out, 0);
    }

    /** On standard error: live if the launcher found a terminal there and left its width, plain otherwise. */
    public static ConsoleProgress onStandardError() {
        String columns = System.getenv(TERMINAL_COLUMNS);
        return columns == null ? plain(System.err) : live(System.err, Integer.parseInt(columns));
    }

    @Override
    public Task task(String name, String unit, long total) {
        return new Line(name, unit, total);
    }

    private final class Line implements Task {
        private final String name;
        private final String unit;
        private final long total;
        private final long began = System.nanoTime();
        private long printed = began;
        private long done;
        private String note = "";

        Line(String name, String unit, long total) {
            this.name = name;
            this.unit = unit;
            this.total = total;
        }

        @Override
        public synchronized void advance(long more) {
            done += more;
            show();
        }

        @Override
        public synchronized void say(String text) {
            note = text;
            show();
        }

        @Override
        public synchronized void close() {
            double seconds = seconds();
            String line = "%-12s %s"
                    .formatted(
                            name,
                            joined(
                                    "%s %s in %s".formatted(grouped(done), unit, duration(seconds)),
                                    rate(seconds),
                                    note));
            out.println(live ? ERASE_LINE + line : line);
            out.flush();
        }

        private void show() {
            long now = System.nanoTime();
            if (now - printed < (live ? LIVE_EVERY : PLAIN_EVERY).toNanos()) {
                return;
            }
            printed = now;
            double seconds = seconds();
            String of = total > 0 ? " of " + grouped(total) : "";
            String counted = "%s%s %s".formatted(grouped(done), of, unit);
            if (live) {
                String line = note.isEmpty()
                        ? joined(counted, rate(seconds), left(seconds))
                        : joined(note, left(seconds), counted, rate(seconds));
                out.print(ERASE_LINE + fitting(name + " " + line));
            } else {
                out.println("%-12s %s".formatted(name, joined(counted, rate(seconds), note, left(seconds))));
            }
            out.flush();
        }

        private double seconds() {
            return (System.nanoTime() - began) / 1e9;
        }

        private String rate(double seconds) {
            return done == 0 || seconds < 0.5 ? "" : "%s %s/s".formatted(grouped(Math.round(done / seconds)), unit);
        }

        private String left(double seconds) {
            return total <= 0 || done == 0 || done >= total ? "" : duration(seconds * (total - done) / done) + " left";
        }
    }

    /** As many whole parts as there is room for, or a piece of the first. */
    private String fitting(String line) {
        int room = columns - 1;
        if (line.length() <= room) {
            return line;
        }
        int end = line.lastIndexOf(PART, room);
        return line.substring(0, end > 0 ? end : room);
    }

    /** Those that are not empty. */
    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(PART));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600
                ? "%dm%02ds".formatted(whole / 60, whole % 60)
                : "%dh%02dm".formatted(whole / 3600, whole / 60 % 60);
    }
}
