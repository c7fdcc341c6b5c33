package io.peregrine.cli;

import io.peregrine.data.jobs.DataCommand;
import io.peregrine.data.jobs.DecontaminateCommand;
import io.peregrine.data.jobs.DedupCommand;
import io.peregrine.data.jobs.FilterCommand;
import io.peregrine.data.jobs.IngestCommand;
import io.peregrine.data.jobs.RepositoriesCommand;
import io.peregrine.data.jobs.TokenizeCommand;
import io.peregrine.data.jobs.TokenizerCommand;
import io.peregrine.data.jobs.bench.DedupBenchCommand;
import io.peregrine.data.jobs.bench.ScaleBenchCommand;
import io.peregrine.data.quality.cli.QualityCommand;
import io.peregrine.mixture.jobs.MixtureCommand;
import io.peregrine.report.ReportCommand;
import io.peregrine.rewrite.jobs.RewriteCommand;
import io.peregrine.trainer.bench.BenchCommand;
import io.peregrine.trainer.conformance.ConformanceCommand;
import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.export.ExportCommand;
import io.peregrine.trainer.generate.GenerateCommand;
import io.peregrine.trainer.model.cli.ModelCommand;
import io.peregrine.trainer.serve.ServeCommand;
import io.peregrine.trainer.spark.bench.MixtureBenchCommand;
import io.peregrine.trainer.train.RollbackCommand;
import io.peregrine.trainer.train.TrainCommand;
import java.util.List;
import java.util.Map;

/**
 * Commands that belong together in {@code ./peregrine --help}. A new command is added to one line of {@link #ALL} and is
 * then known everywhere.
 *
 * @param heading what the group does, as the help says it
 * @param commands picocli command classes, in the order in which data flows
 */
record CommandGroup(String heading, List<Class<?>> commands) {
    /** Every command, in the order in which data flows. */
    static final List<CommandGroup> ALL = List.of(
            new CommandGroup("Whole runs", List.of(QuickstartCommand.class, RunCommand.class)),
            new CommandGroup(
                    "Data",
                    List.of(
                            IngestCommand.class,
                            FilterCommand.class,
                            QualityCommand.class,
                            DedupCommand.class,
                            DecontaminateCommand.class,
                            RepositoriesCommand.class,
                            RewriteCommand.class,
                            TokenizerCommand.class,
                            TokenizeCommand.class,
                            MixtureCommand.class)),
            new CommandGroup(
                    "Models",
                    List.of(
                            ModelCommand.class,
                            TrainCommand.class,
                            RollbackCommand.class,
                            GenerateCommand.class,
                            ServeCommand.class,
                            ExperimentCommand.class,
                            ConformanceCommand.class,
                            BenchCommand.class,
                            BundleCommand.class)),
            new CommandGroup("Reports", List.of(ReportCommand.class, DataCommand.class)));

    /**
     * Subcommands that the command they stand below cannot name itself, because their module comes after its own, or
     * because they need Spark and it does not.
     */
    static final Map<Class<?>, List<Class<?>>> LATER_SUBCOMMANDS = Map.of(
            MixtureCommand.class, List.of(ExportCommand.class),
            BenchCommand.class, List.of(ScaleBenchCommand.class, DedupBenchCommand.class, MixtureBenchCommand.class));

    CommandGroup {
        commands = List.copyOf(commands);
    }
}
