package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.config.KeyTable;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.report.ReportConfig;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.trainer.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of settings that people read is made from the records that bind them. */
class RunFileReadmeTest {
    private static final Path README = Path.of("..", "conf", "runs", "README.md");
    private static final String HEAD = """
            # Run files

            One file is one whole run: a head, and a section for each stage. `./peregrine run FILE` does it, and
            `./peregrine filter FILE` (or another stage) does one stage of it. A key that is not in these tables is an error,
            named with its line. A section or key with a default may be left out; `--set key=value` sets a key from the
            command line. Paths are relative to the working directory; those of sources and evaluation sets to `inputs`, where the
            head names such a folder.

            `quickstart.yaml` is the run of `./peregrine quickstart`: the place to start for your own. `corpora.yaml` is a data run of
            many kinds, with rules that suit each. `rewrite.yaml` has a language model rewrite, within a budget. `dt-spikes.yaml` trains
            small models of several widths, to see step sizes grow. `memorization-window-small.yaml` and
            `memorization-window-gpu.yaml` are runs for `./peregrine experiment memorization-window`.

            This page is made from the settings' records: `mvn test -pl gpu-trainer -am -Dtest=RunFileReadmeTest
            -Dsurefire.failIfNoSpecifiedTests=false -Dconf.docs=write`.
            """;

    private static String expected() {
        StringBuilder page = new StringBuilder(HEAD);
        section(page, "The head", KeyTable.of("", RunFile.Head.class));
        section(
                page,
                "`sources`: a list, where text comes from (stage 10)",
                KeyTable.of("sources[]", SourceConfig.class));
        section(
                page,
                "`filter`: what is measured and kept (stages 15 and 20)",
                KeyTable.of("filter", FilterConfig.class));
        section(page, "`dedup`: which copies go (stage 30)", KeyTable.of("dedup", DedupConfig.class));
        section(
                page,
                "`decontaminate`: what evaluation sets own (stage 35)",
                KeyTable.of("decontaminate", DecontaminateConfig.class));
        section(
                page,
                "`repositories`: source code by repository (stage 37)",
                KeyTable.of("repositories", RepositoryConfig.class));
        section(page, "`rewrite`: what is rewritten (stage 40)", KeyTable.of("rewrite", RewriteConfig.class));
        section(page, "`tokenizer`: the vocabulary (stage 50)", KeyTable.of("tokenizer", TokenizerConfig.class));
        section(
                page,
                "`mixture`: packing, shares, shards (stages 60 and 70)",
                KeyTable.of("mixture", MixtureConfig.class));
        section(page, "`train`: the model and its training (stage 80)", KeyTable.of("train", TrainConfig.class));
        section(page, "`report`: what the report shows (stage 90)", KeyTable.of("report", ReportConfig.class));
        return page.toString();
    }

    private static void section(StringBuilder page, String title, List<KeyTable.Row> rows) {
        page.append("\n## ").append(title).append("\n\n").append(KeyTable.markdown(rows));
    }

    @Test
    void theTablesAreThoseOfTheRecords() throws IOException {
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(README, expected());
        }
        assertThat(Files.readString(README)).isEqualTo(expected());
    }

    @Test
    void everyKeySaysWhatItIs() {
        assertThat(KeyTable.of("filter", FilterConfig.class))
                .allSatisfy(row -> assertThat(row.doc()).as(row.key()).isNotEmpty());
        assertThat(KeyTable.of("train", TrainConfig.class))
                .allSatisfy(row -> assertThat(row.doc()).as(row.key()).isNotEmpty());
    }
}
