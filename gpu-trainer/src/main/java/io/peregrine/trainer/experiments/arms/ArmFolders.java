package io.peregrine.trainer.experiments.arms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that go when an arm is finished, or make room for one with other settings. */
final class ArmFolders {
    private ArmFolders() {}

    /** Removes a folder with all in it, if it is there. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    /** Gives a folder, if it is there, the first name {@code NAME.superseded-N} that is free. */
    static void moveAside(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        int number = 1;
        Path aside = folder.resolveSibling(folder.getFileName() + ".superseded-1");
        while (Files.exists(aside)) {
            number++;
            aside = folder.resolveSibling(folder.getFileName() + ".superseded-" + number);
        }
        try {
            Files.move(folder, aside);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move aside " + folder, e);
        }
    }
}
