package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CurrentTrainingTest {
    @TempDir
    Path train;

    @Test
    void aRunGoesOnInItsOwnFolderOrInTheBranchThatIsNamed() throws IOException {
        assertThat(CurrentTraining.folder(train)).isEqualTo(train);
        assertThat(CurrentTraining.folder(train.resolve("nothing"))).isEqualTo(train.resolve("nothing"));
        Path branch = Files.createDirectories(train.resolve("branches/spike-1"));
        CurrentTraining.goesOnIn(train, branch);
        assertThat(train.resolve("goes-on-in")).hasContent("branches/spike-1\n");
        assertThat(CurrentTraining.folder(train)).isEqualTo(branch);
        Files.delete(branch);
        assertThatThrownBy(() -> CurrentTraining.folder(train))
                .isInstanceOf(DataException.class)
                .hasMessage("%s: names %s, which is not there; restore it, or run 'train' again"
                        .formatted(train.resolve("goes-on-in"), branch));
        CurrentTraining.goesOnIn(train, train);
        assertThat(CurrentTraining.folder(train)).isEqualTo(train);
    }
}
