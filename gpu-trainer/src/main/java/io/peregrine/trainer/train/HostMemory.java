package io.peregrine.trainer.train;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of the host that a process may still take. What is asked for beyond it is not refused by Linux, which ends a process
 * when it is written to.
 */
final class HostMemory {
    private static final Path LINUX = Path.of("/proc/meminfo");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +(\\d{1,15}) kB$");
    private static final int KIBIBYTE = 1024;

    private HostMemory() {}

    /** Bytes that are available by Linux's own estimate, and no more than the container may have; empty elsewhere. */
    static OptionalLong available() {
        if (!Files.isReadable(LINUX)) {
            return OptionalLong.empty();
        }
        try {
            long total = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize(); // of the container, where this is one
            return available(Files.readString(LINUX), total);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + LINUX, e);
        }
    }

    /**
     * The same.
     *
     * @param meminfo as Linux has it
     * @param most bytes that the process may have
     */
    static OptionalLong available(String meminfo, long most) {
        Matcher matcher = AVAILABLE.matcher(meminfo);
        return matcher.find()
                ? OptionalLong.of(Math.min(most, Long.parseLong(matcher.group(1)) * KIBIBYTE))
                : OptionalLong.empty();
    }
}
