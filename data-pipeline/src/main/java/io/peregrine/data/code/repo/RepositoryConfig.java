package io.peregrine.data.code.repo;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** How the files of a repository become documents. */
public record RepositoryConfig(
        @Key(doc = "whether documents of domain code-repo are made of the files of each repository, beside the files")
        boolean enabled,

        @Key(
                unit = "characters",
                doc = "longest document, headers included; about four characters make a token, so that 64k characters"
                        + " fit a context of 16k tokens")
        int budgetCharacters,

        @Key(
                unit = "files",
                doc = "most files of a repository; documentation, build files and the dominant language go first."
                        + " DCLM's loader cuts at 1000")
        int filesMax,

        @Key(unit = "characters", doc = "most characters of a repository that are held in memory together")
        long repositoryCharactersMax,

        @Key(
                doc = "line before each file, as a comment of its language; {path} is the file's path and {part} is"
                        + " empty or names the part of a split file")
        String header,

        @Key(doc = "whether headers and licence files are searched for licences")
        boolean findLicences)
        implements Serializable {
    public static final RepositoryConfig DEFAULTS =
            new RepositoryConfig(false, 65_536, 1000, 64_000_000, "file: {path}{part}", true);

    private static final int BUDGET_MIN = 256;

    public RepositoryConfig {
        require(budgetCharacters >= BUDGET_MIN, "budget-characters", budgetCharacters, "must be >= 256 characters");
        require(filesMax >= 1, "files-max", filesMax, "must be >= 1 files");
        require(
                repositoryCharactersMax >= 1 && repositoryCharactersMax <= 1_000_000_000,
                "repository-characters-max",
                repositoryCharactersMax,
                "must be 1 to 1000000000 characters");
        require(
                header.contains("{path}") && header.indexOf('\n') < 0 && header.length() <= BUDGET_MIN / 4,
                "header",
                header,
                "must be one line of at most 64 characters with {path} in it");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key, value, rule);
        }
    }
}
