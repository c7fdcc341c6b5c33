package io.peregrine.trainer.export;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardLease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Exports a whole plan in a process of its own, so that a test can kill it. */
final class ExportInOwnProcess {
    private ExportInOwnProcess() {}

    static Process start(RunLayout layout, Path folder, long shardBytes) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ExportInOwnProcess.class.getName(),
                layout.root().toString(),
                folder.toString(),
                Long.toString(shardBytes));
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** @param args folder of the run, folder of the export, bytes of a shard */
    public static void main(String[] args) {
        RunLayout layout = new RunLayout(Path.of(args[0]));
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        ExportFormat format =
                new MegatronFormat(MegatronFormat.Unit.DOCUMENT, Long.parseLong(args[2]), plan.tokenBytes());
        try (ShardLease lease = ShardLease.take(layout)) {
            new MixtureExport(layout, lease.index(), plan, format, 0, plan.totalSequences(), 1 << 20)
                    .into(Path.of(args[1]), Progress.SILENT);
        }
    }
}
