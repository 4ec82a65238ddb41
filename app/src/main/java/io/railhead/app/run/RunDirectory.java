package io.railhead.app.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.railhead.actors.durable.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// One run on disk: the resolved configuration, metrics, events, checkpoints, weights, the log and the report.
///
/// A directory holds one run, and one process works on it at a time: the lock is held from opening to closing and
/// falls with its process.
public final class RunDirectory implements AutoCloseable {
    /// Where runs without a `--run-dir` live, under the working directory.
    public static final Path RUNS = Path.of("runs");

    private static final String CONFIG = "config.conf";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path root;
    private final FileChannel lockFile;

    private RunDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /// A fresh directory for a new run, with its configuration in it.
    ///
    /// @throws UsageException if the directory holds a run or anything else; nothing is written then
    public static RunDirectory create(Path root, Config resolved) {
        refuseUnlessVacant(root);
        try {
            DurableFiles.createDirectories(root);
            RunDirectory directory = new RunDirectory(root, lock(root, false));
            directory.writeConfig(resolved);
            return directory;
        } catch (IOException e) {
            throw new UsageException("cannot create the run directory " + root + ": " + e.getMessage(), e);
        }
    }

    /// The directory of a run that is to go on.
    ///
    /// @throws UsageException if there is no run in it, or another process works on it
    public static RunDirectory open(Path root) {
        if (!holdsRun(root)) {
            throw new UsageException("no run to resume in " + root);
        }
        try {
            return new RunDirectory(root, lock(root, false));
        } catch (IOException e) {
            throw new UsageException("cannot open the run directory " + root + ": " + e.getMessage(), e);
        }
    }

    /// A directory that several nodes work on, which agree on who writes what by [Incarnations]: with the run
    /// that it holds, or a new one. While one of them has it, nobody can have it for himself.
    ///
    /// @throws UsageException if the directory holds something else, or somebody has it for himself
    public static RunDirectory share(Path root, Config resolved) {
        try {
            DurableFiles.createDirectories(root);
            RunDirectory directory = new RunDirectory(root, lock(root, true));
            if (!holdsRun(root)) {
                directory.writeConfig(resolved);
            }
            return directory;
        } catch (IOException e) {
            throw new UsageException("cannot work in the run directory " + root + ": " + e.getMessage(), e);
        }
    }

    /// @throws UsageException if a new run cannot start in this place
    public static void refuseUnlessVacant(Path root) {
        if (holdsRun(root)) {
            throw new UsageException(root + " holds a run already: go on with --resume --run-dir " + root
                    + ", or give another --run-dir");
        }
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new UsageException("the run directory " + root + " is a file");
        }
        if (Files.isDirectory(root) && !isEmpty(root)) {
            throw new UsageException("the run directory " + root + " is not empty and holds no run");
        }
    }

    public static boolean holdsRun(Path root) {
        return Files.isRegularFile(root.resolve(CONFIG));
    }

    /// `runs/<yyyyMMdd-HHmmss>`.
    public static Path fresh(LocalDateTime now) {
        return RUNS.resolve(NAME.format(now));
    }

    /// The run under `runs` that was started last.
    public static Optional<Path> newest(Path runs) {
        if (!Files.isDirectory(runs)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(runs)) {
            return children.filter(RunDirectory::holdsRun)
                    .max(Comparator.comparing(RunDirectory::startedAt).thenComparing(Comparator.naturalOrder()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + runs, e);
        }
    }

    /// The configuration that a run was started with.
    public static Config configOf(Path root) {
        return ConfigFactory.parseFile(root.resolve(CONFIG).toFile());
    }

    public void writeConfig(Config resolved) throws IOException {
        ConfigRenderOptions readable = ConfigRenderOptions.defaults()
                .setOriginComments(false)
                .setComments(false)
                .setJson(false);
        Config own = resolved.withOnlyPath("railhead");
        DurableFiles.replace(root.resolve(CONFIG), own.root().render(readable));
    }

    public Path root() {
        return root;
    }

    public Path config() {
        return root.resolve(CONFIG);
    }

    public Path log() {
        return root.resolve("railhead.log");
    }

    public Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    public Path report() {
        return root.resolve("report.html");
    }

    public Path evaluation(String name) {
        return root.resolve("evaluation-" + name + ".json");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock of " + root, e);
        }
    }

    private static FileChannel lock(Path root, boolean shared) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new UsageException("another run of this process works in " + root, e);
        }
        channel.close();
        throw new UsageException("another process works in " + root);
    }

    private static java.nio.file.attribute.FileTime startedAt(Path root) {
        try {
            return Files.getLastModifiedTime(root.resolve(CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + root, e);
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}
