package io.peregrine.cli;

import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.jobs.DecontaminateJob;
import io.peregrine.data.jobs.DedupJob;
import io.peregrine.data.jobs.FilterJob;
import io.peregrine.data.jobs.IngestJob;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.RepositoryJob;
import io.peregrine.data.jobs.SignalsJob;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.jobs.TokenizeJob;
import io.peregrine.data.jobs.TrainTokenizerJob;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.jobs.MixtureJob;
import io.peregrine.mixture.jobs.ShardJob;
import io.peregrine.report.ReportConfig;
import io.peregrine.report.ReportStage;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.jobs.RewriteJob;
import io.peregrine.trainer.spark.ExecutorTraining;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainPlace;
import io.peregrine.trainer.train.TrainStage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A whole run: the stages of a run file in the order in which data flows, wired by hand.
 *
 * <p>All settings are bound when the flow is made, so a bad key in the last section fails before the first stage has
 * done any work. Only a section that the file leaves out is not asked for by stages that will not run.
 */
final class Flow {
    private final RunFile file;
    private final Stage until;
    private final RunLayout layout;
    private final List<StageJob> dataStages;
    private final Optional<TrainStage> training;

    private Flow(RunFile file, Stage until, List<StageJob> dataStages, Optional<TrainStage> training) {
        this.file = file;
        this.until = until;
        this.layout = file.layout();
        this.dataStages = dataStages;
        this.training = training;
    }

    /**
     * The flow that a run file describes.
     *
     * @param until the last stage to run
     */
    static Flow of(RunFile file, Stage until) {
        FilterConfig filter = file.section("filter", FilterConfig.class);
        List<StageJob> dataStages = new ArrayList<>(List.of(
                new IngestJob(file.listSection("sources", SourceConfig.class), file.inputs()),
                new SignalsJob(filter),
                new FilterJob(filter),
                new DedupJob(file.section("dedup", DedupConfig.class)),
                new DecontaminateJob(file.section("decontaminate", DecontaminateConfig.class), file.inputs()),
                new RepositoryJob(file.section("repositories", RepositoryConfig.class)),
                new RewriteJob(file.section("rewrite", RewriteConfig.class)),
                new TrainTokenizerJob(file.section("tokenizer", TokenizerConfig.class)),
                new TokenizeJob(),
                MixtureJob.of(file.layout(), file.section("mixture", MixtureConfig.class)),
                new ShardJob()));
        // The report binds its section again when it is made; a bad key in it must not wait for that.
        file.section("report", ReportConfig.class);
        Optional<TrainStage> training = Optional.empty();
        if (file.has("train") || Stage.TRAIN.compareTo(until) <= 0) {
            training =
                    Optional.of(new TrainStage(file.layout(), file.section("train", TrainConfig.class), file.seed()));
        }
        dataStages.removeIf(job -> job.stage().compareTo(until) > 0);
        return new Flow(file, until, dataStages, training);
    }

    /**
     * Runs every stage up to the last that has not been done.
     *
     * @param again stages to run although they have been done
     * @param progress told of the stages under way
     * @param out where the outcome is printed
     */
    void run(Set<Stage> again, Progress progress, PrintWriter out) {
        if (Stage.TRAIN.compareTo(until) <= 0) {
            training.orElseThrow().requireBackend(again.contains(Stage.TRAIN));
        }
        try (RunLock lock = RunLock.take(layout)) {
            file.keepRecord();
            again.forEach(stage -> StageManifest.withdraw(layout, stage));
            try (LazySpark spark = new LazySpark("peregrine run " + file.head().run())) {
                StageRunner runner = new StageRunner(spark, layout, file.seed(), progress);
                for (StageJob job : dataStages) {
                    boolean done = runner.finished(job).isPresent();
                    announce(job.stage(), done, out);
                    runner.ensure(job);
                }
            }
            // Spark has ended: training on the driver has the memory and the cores to itself.
            if (Stage.TRAIN.compareTo(until) <= 0) {
                TrainStage last = training.orElseThrow();
                announce(Stage.TRAIN, last.finished().isPresent(), out);
                train(last, progress);
            }
            if (Stage.REPORT.compareTo(until) <= 0) {
                out.println("report: " + ReportStage.write(layout));
            }
        }
    }

    private void train(TrainStage stage, Progress progress) {
        if (stage.config().place() == TrainPlace.DRIVER || stage.finished().isPresent()) {
            stage.ensure(progress);
            return;
        }
        try (LazySpark spark = new LazySpark("peregrine train " + file.head().run())) {
            ExecutorTraining.ensure(spark.session(), layout, progress);
        }
    }

    private static void announce(Stage stage, boolean done, PrintWriter out) {
        if (done) {
            out.println("%s: done before".formatted(stage.folder()));
            out.flush();
        }
    }
}
