package io.peregrine.data.manifest;

/** The stages of a run, in the order in which data flows. The folder names sort in that order too. */
public enum Stage {
    DOCUMENTS("10-documents"),
    SIGNALS("15-signals"),
    FILTERS("20-filters"),
    DEDUP("30-dedup"),
    DECONTAMINATE("35-decontaminate"),
    REPOSITORIES("37-repositories"),
    REWRITE("40-rewrite"),
    TOKENIZER("50-tokenizer"),
    TOKENS("50-tokens"),
    MIXTURE("60-mixture"),
    SHARDS("70-shards"),
    TRAIN("80-train"),
    REPORT("90-report");

    private final String folder;

    Stage(String folder) {
        this.folder = folder;
    }

    /** Name of the stage's folder below the root of a run. */
    public String folder() {
        return folder;
    }
}
