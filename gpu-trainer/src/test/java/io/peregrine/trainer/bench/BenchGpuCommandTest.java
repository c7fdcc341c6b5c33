package io.peregrine.trainer.bench;

import io.peregrine.trainer.testing.WrongUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is refused before a device is looked for. */
class BenchGpuCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--table --model x.json, '--model does not go with --table, whose models and shapes are given'",
        "--table --profile, '--profile does not go with --table, whose models and shapes are given'",
        "--kernels --seq-len 64, '--seq-len does not go with --kernels, whose shapes are given'",
        "--generation --batch 4, '--batch does not go with --generation, which trains nothing'",
        "--generation --recompute block, '--recompute does not go with --generation, which trains nothing'",
        "--sequences 4, '--sequences goes with --generation only'",
        "--table --kernels, 'are mutually exclusive (specify only one)'",
        "--kernels --generation, 'are mutually exclusive (specify only one)'"
    })
    void optionsThatDoNotGoTogetherAreRefused(String options, String why) {
        CommandLine command = new CommandLine(new BenchGpuCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        WrongUsage.assertRefused(command, options, why);
    }
}
