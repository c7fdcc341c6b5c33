package io.peregrine.mixture.jobs;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;

/**
 * The local file system as Spark and Delta see it, of a process that is stopped: after so many writes below 60-mixture and
 * 70-shards, files made and files moved to their places, none is done any more.
 */
public final class StoppingFileSystem extends LocalFileSystem {
    /** The same for Delta's commits, which go through Hadoop's other interface. */
    public static final class Commits extends DelegateToFileSystem {
        public Commits(URI uri, Configuration conf) throws IOException, URISyntaxException {
            super(URI.create("file:///"), initialized(conf), conf, "file", false);
        }

        private static StoppingFileSystem initialized(Configuration conf) throws IOException {
            StoppingFileSystem files = new StoppingFileSystem();
            files.initialize(URI.create("file:///"), conf);
            return files;
        }
    }

    private static final String COMMITS = "fs.AbstractFileSystem.file.impl";
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

    /** Runs something that is stopped after so many writes; returns whether it was. */
    static boolean stopsAfter(int writes, SparkSession spark, Runnable body) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        conf.set("fs.file.impl", StoppingFileSystem.class.getName());
        conf.setBoolean("fs.file.impl.disable.cache", true);
        String commits = conf.get(COMMITS);
        conf.set(COMMITS, Commits.class.getName());
        LEFT.set(writes);
        try {
            body.run();
            return false;
        } catch (Exception e) { // Spark throws what Java does not see declared
            if (LEFT.get() >= 0) {
                throw e;
            }
            return true;
        } finally {
            LEFT.set(Integer.MAX_VALUE);
            conf.unset("fs.file.impl");
            conf.unset("fs.file.impl.disable.cache");
            conf.set(COMMITS, commits);
        }
    }

    private static void write(Path path) throws IOException {
        String name = path.toUri().getPath();
        boolean ours = name.contains("/60-mixture/") || name.contains("/70-shards/");
        if (ours && LEFT.getAndDecrement() <= 0) {
            LEFT.set(-1);
            throw new IOException("stopped before writing " + path);
        }
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        write(path);
        return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        write(to);
        return super.rename(from, to);
    }

    @Override
    protected FSDataOutputStream primitiveCreate(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress,
            Options.ChecksumOpt checksum)
            throws IOException {
        write(path);
        return super.primitiveCreate(path, permission, flags, bufferSize, replication, blockSize, progress, checksum);
    }

    @Override
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        write(to);
        super.rename(from, to, options);
    }
}
