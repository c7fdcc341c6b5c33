package io.peregrine.data.bench;

import com.google.re2j.Pattern;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.extract.HtmlToText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./peregrine bench extract}: how good and how fast the main-text extraction is, on pages whose text is known. */
@Command(
        name = "extract",
        mixinStandardHelpOptions = true,
        description = {
            "Scores the main-text extraction of HTML pages against a truth, and times it on one thread.",
            "",
            "The truth is one JSON object a line, joined by 'id' (WARC-Record-ID) or 'url':",
            "  with, without  segments that belong to the main text, and that do not: trafilatura's count of true and",
            "                 false positives and negatives over all segments, white space and list marks put aside",
            "  text           the whole main text: precision, recall and F1 over 4-grams of words",
            "  latex          the page's LaTeX source (its body may stand in 'text'): recall of formulas"
        },
        footer = {"", "Example:", "  peregrine bench extract --pages pages.warc.gz --truth truth.jsonl.gz --worst 20"})
public final class ExtractBenchCommand implements Callable<Integer> {
    private static final Pattern LATEX_HINTS =
            Pattern.compile("(?is) alttext=(\"[^\"]*\"|'[^']*')|<annotation(-xml)?[ >].*?</annotation(-xml)?>");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pages",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "pages: WARC (.gz), or JSON lines (.gz, .zst) with 'html' and 'id' or 'url'")
    private List<Path> pages;

    @Option(names = "--truth", required = true, paramLabel = "FILE", description = "what their extracts should say")
    private Path truth;

    @Option(
            names = "--worst",
            paramLabel = "N",
            defaultValue = "0",
            description = "show what is missing and unwanted on the N worst pages (default: ${DEFAULT-VALUE})")
    private int worst;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "times that each page is extracted; the last one counts (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--hide-latex",
            description = "take alttext and annotations out of the pages first, so that MathML itself is converted")
    private boolean hideLatex;

    private SegmentScore segments = SegmentScore.ZERO;
    private OverlapScore overlap = OverlapScore.ZERO;
    private FormulaScore formulas = FormulaScore.ZERO;
    private final List<PageFault> faults = new ArrayList<>();

    private record PageFault(String page, long weight, List<String> lines) {}

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new ConfigException("--rounds", rounds, "must be >= 1");
        }
        Map<String, ExtractTruth> truths = ExtractTruth.read(truth);
        List<BenchPages.Page> joined = new ArrayList<>();
        int[] without = {0};
        for (Path file : pages) {
            BenchPages.read(file, page -> {
                if (truths.containsKey(page.id()) || truths.containsKey(page.url())) {
                    joined.add(hideLatex ? hidden(page) : page);
                } else {
                    without[0]++;
                }
            });
        }
        if (joined.isEmpty()) {
            throw new DataException(
                    "%s: knows none of the pages of %s: must share their 'id' or 'url'".formatted(truth, pages));
        }
        ExtractTimes times = ExtractTimes.measure(joined, rounds);
        for (BenchPages.Page page : joined) {
            ExtractTruth known = truths.containsKey(page.id()) ? truths.get(page.id()) : truths.get(page.url());
            score(page, known, HtmlToText.extract(page.html()).text());
        }
        print(joined.size(), without[0], times);
        return 0;
    }

    private static BenchPages.Page hidden(BenchPages.Page page) {
        return new BenchPages.Page(
                page.id(), page.url(), LATEX_HINTS.matcher(page.html()).replaceAll(""));
    }

    private void score(BenchPages.Page page, ExtractTruth known, String extract) {
        String name = page.url().isEmpty() ? page.id() : page.url();
        List<String> lines = new ArrayList<>();
        SegmentScore pageSegments = SegmentScore.of(extract, known.wanted(), known.unwanted());
        segments = segments.plus(pageSegments);
        String plain = SegmentScore.plain(extract);
        known.wanted().stream()
                .filter(s -> !plain.contains(SegmentScore.plain(s)))
                .forEach(s -> lines.add("missing   " + s));
        known.unwanted().stream()
                .filter(s -> plain.contains(SegmentScore.plain(s)))
                .forEach(s -> lines.add("unwanted  " + s));
        long weight = lines.size();
        if (known.text().isPresent()) {
            OverlapScore score = OverlapScore.of(extract, known.text().get());
            overlap = overlap.plus(score);
            lines.add("precision %.3f, recall %.3f".formatted(score.microPrecision(), score.microRecall()));
            weight += score.extracted() + score.expected() - 2 * score.shared();
        }
        if (!known.formulas().isEmpty()) {
            formulas = formulas.plus(FormulaScore.of(extract, known.formulas()));
            List<String> missed = FormulaScore.missed(extract, known.formulas());
            missed.forEach(formula -> lines.add("formula   " + formula));
            weight += missed.size();
        }
        if (weight > 0) {
            faults.add(new PageFault(name, weight, lines));
        }
    }

    private void print(int count, int without, ExtractTimes times) {
        PrintWriter out = spec.commandLine().getOut();
        faults.sort(Comparator.comparingLong(PageFault::weight).reversed());
        for (PageFault fault : faults.subList(0, Math.min(worst, faults.size()))) {
            out.println(fault.page);
            fault.lines.forEach(line -> out.println("    " + line));
        }
        line(out, "pages        %d with a truth, %d without", count, without);
        if (segments.total() > 0) {
            line(
                    out,
                    "segments     precision %.4f  recall %.4f  F1 %.4f  accuracy %.4f  (TP %d, FN %d, FP %d, TN %d)",
                    segments.precision(),
                    segments.recall(),
                    segments.f1(),
                    segments.accuracy(),
                    segments.truePositives(),
                    segments.falseNegatives(),
                    segments.falsePositives(),
                    segments.trueNegatives());
        }
        if (overlap.pages() > 0) {
            line(
                    out,
                    "4-grams      precision %.4f  recall %.4f  F1 %.4f  (all %d pages together)",
                    overlap.microPrecision(),
                    overlap.microRecall(),
                    overlap.microF1(),
                    overlap.pages());
            line(
                    out,
                    "             precision %.4f  recall %.4f  F1 %.4f  (means of pages)",
                    overlap.macroPrecision(),
                    overlap.macroRecall(),
                    overlap.macroF1());
        }
        if (formulas.expected() > 0) {
            line(
                    out,
                    "formulas     recall %.4f  (%d of %d on %d pages; the extracts have %d)",
                    formulas.recall(),
                    formulas.found(),
                    formulas.expected(),
                    formulas.pages(),
                    formulas.extracted());
        }
        line(
                out,
                "speed        %.0f pages/s per thread, %.1f MB/s of HTML (CPU time, %.0f kB a page)",
                times.pagesPerSecond(),
                times.megabytesPerSecond(),
                times.chars() / 1e3 / count);
        line(
                out,
                "             %.0f pages/s for parsing alone: extraction takes %.2f times as long",
                times.parsedPagesPerSecond(),
                times.ratio());
        out.flush();
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
