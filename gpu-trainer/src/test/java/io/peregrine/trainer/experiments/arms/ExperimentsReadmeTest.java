package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.config.KeyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page beside the experiment files is made from the record that binds them. */
class ExperimentsReadmeTest {
    private static final Path README = Path.of("..", "conf", "experiments", "README.md");
    private static final String HEAD = """
            # Experiment files

            One file is one experiment: `./peregrine experiment compare FILE` trains every arm, one choice on each axis with each
            seed, on the shards of its run (`--run` names another) and prints one table. Settings come over each other: the run
            file, `set` of the experiment, of the preset, of the arm's choices axis by axis, and `--set` of the command line; keys
            of the model likewise. Any single arm of a file trains by itself with `--set` and `train` as well: its `config.json` is
            kept in the experiment's folder.

            | file | question |
            | --- | --- |
            | `block-orders.yaml` | which order of state-space, attention and feed-forward part |
            | `channels-sa-m.yaml`, `channels-sam.yaml`, `channels-s-a-m.yaml` | which share of the channels for each, in eighths |
            | `state-and-groups.yaml` | larger states or more groups |
            | `head-dim.yaml`, `conv-width.yaml`, `rope-base.yaml` | channels per head, taps of the convolution, base of the angles |
            | `lr-transfer.yaml` | whether the best learning rate is the same at three widths under muP |

            This page is made from the settings' records: `mvn test -pl gpu-trainer -am -Dtest=ExperimentsReadmeTest
            -Dsurefire.failIfNoSpecifiedTests=false -Dconf.docs=write`.

            """;

    @Test
    void theTableIsThatOfTheRecord() throws IOException {
        String expected = HEAD + KeyTable.markdown(KeyTable.of("", ExperimentConfig.class));
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(README, expected);
        }
        assertThat(Files.readString(README)).isEqualTo(expected);
    }
}
