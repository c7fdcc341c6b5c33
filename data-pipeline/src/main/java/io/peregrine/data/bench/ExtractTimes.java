package io.peregrine.data.bench;

import io.peregrine.data.extract.HtmlToText;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.jsoup.parser.Parser;

/**
 * CPU time of this thread for extracting pages, and for parsing them only, which is the floor. Time of the thread, not
 * of the wall, so that what else the machine does is left out.
 *
 * @param pages pages a round
 * @param chars characters of HTML a round
 * @param extractNanos time of the last round of extraction
 * @param parseNanos time of the last round of parsing
 */
record ExtractTimes(long pages, long chars, long extractNanos, long parseNanos) {
    private static final double NANOS = 1e9;

    static ExtractTimes measure(List<BenchPages.Page> pages, int rounds) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long extract = 0;
        long parse = 0;
        long chars = 0;
        for (int round = 0; round < rounds; round++) {
            long start = clock.getCurrentThreadCpuTime();
            long kept = 0;
            for (BenchPages.Page page : pages) {
                kept += HtmlToText.extract(page.html()).text().length();
            }
            long middle = clock.getCurrentThreadCpuTime();
            chars = 0;
            for (BenchPages.Page page : pages) {
                kept += Parser.htmlParser().parseInput(page.html(), "").childNodeSize();
                chars += page.html().length();
            }
            parse = clock.getCurrentThreadCpuTime() - middle;
            extract = middle - start;
            if (kept < 0) {
                throw new IllegalStateException("the results must be used, or they may not be computed");
            }
        }
        return new ExtractTimes(pages.size(), chars, Math.max(extract, 1), Math.max(parse, 1));
    }

    double pagesPerSecond() {
        return pages * NANOS / extractNanos;
    }

    double parsedPagesPerSecond() {
        return pages * NANOS / parseNanos;
    }

    double megabytesPerSecond() {
        return chars * NANOS / 1e6 / extractNanos;
    }

    /** Time of extraction over time of parsing. */
    double ratio() {
        return (double) extractNanos / parseNanos;
    }
}
