package io.peregrine.data.jobs;

import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.config.RunFile;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code repositories}: stage 37 of a run. */
@Command(
        name = "repositories",
        mixinStandardHelpOptions = true,
        description = {
            "Makes documents of whole repositories: files in the order of their imports, each under a header with its path.",
            "",
            "Reads 35-decontaminate/clean; writes 37-repositories/repositories, whose domain is code-repo. Switched on by"
                    + " 'enabled' in the section 'repositories' of the run file."
        },
        footer = {"", "Example:", "  peregrine repositories my.yaml --set repositories.enabled=true"})
public final class RepositoriesCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new RepositoryJob(file.section("repositories", RepositoryConfig.class)));
    }
}
