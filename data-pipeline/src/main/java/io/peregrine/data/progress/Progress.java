package io.peregrine.data.progress;

/** Tells somebody how far long work has come. */
public interface Progress {
    /** A total that is not known. */
    long UNKNOWN = -1;

    /** Tells nobody: for tests and for callers who watch in their own way. */
    Progress SILENT = (name, unit, total) -> new Task() {
        @Override
        public void advance(long done) {}

        @Override
        public void say(String note) {}

        @Override
        public void close() {}
    };

    /**
     * Begins a piece of work.
     *
     * @param name what is being done, for example {@code filter}
     * @param unit what is counted, in the plural, for example {@code documents}
     * @param total how many there are, or {@link #UNKNOWN}
     */
    Task task(String name, String unit, long total);

    /** One piece of work, told from any thread until it is closed. */
    interface Task extends AutoCloseable {
        /** This many more are done. */
        void advance(long done);

        /** What else is worth seeing, for example {@code loss 3.21}; replaces what was said before. */
        void say(String note);

        /** The work has ended, well or badly. */
        @Override
        void close();
    }
}
