package io.peregrine.trainer.export;

import java.util.Locale;

/** How much an export has written in this process, and how fast; checking what is kept does not count. */
public final class Written {
    private static final double MEGA = 1e6;

    private long tokens;
    private long bytes;
    private double seconds;

    Written() {}

    void add(ExportedShard shard, double more) {
        tokens += shard.tokens();
        bytes += shard.bytes();
        seconds += more;
    }

    public long tokens() {
        return tokens;
    }

    public long bytes() {
        return bytes;
    }

    public double seconds() {
        return seconds;
    }

    /** Tokens and bytes written per second, for people. */
    public String rate() {
        return String.format(
                Locale.ROOT, "%.1f M tokens/s, %.0f MB/s written", tokens / seconds / MEGA, bytes / seconds / MEGA);
    }
}
