package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code filter}: stages 15 and 20 of a run, and what helps to choose their limits. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        description = {
            "Measures every document, then keeps it or drops it with the reason.",
            "",
            "Stage 15 writes 15-signals/annotated: each document with one column per measured value. Stage 20 holds"
                    + " the limits of the section 'filter' against these columns and writes 20-filters/kept and"
                    + " 20-filters/dropped, the latter with rule, measured value and limit. A changed limit repeats"
                    + " stage 20 only."
        },
        subcommands = {FilterExplainCommand.class, FilterWhatIfCommand.class, FilterCalibrateCommand.class},
        footer = {
            "",
            "Examples:",
            "  peregrine filter conf/runs/quickstart.yaml",
            "  peregrine filter explain conf/runs/quickstart.yaml --domain web page.txt",
            "  peregrine filter what-if conf/runs/quickstart.yaml --set filter.english.limits.gopher_short_doc=30"
        })
public final class FilterCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        FilterConfig config = file.section("filter", FilterConfig.class);
        return List.of(new SignalsJob(config), new FilterJob(config));
    }
}
