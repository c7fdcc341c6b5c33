package io.peregrine.cli;

import static java.util.stream.Collectors.joining;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;

import io.peregrine.data.manifest.CodeVersion;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. It knows every command and the manner of failing; the work is in the commands. */
@Command(
        name = "peregrine",
        mixinStandardHelpOptions = true,
        versionProvider = Peregrine.Version.class,
        customSynopsis = "peregrine [SPARK OPTIONS] COMMAND [ARGUMENTS]",
        description = {
            "",
            "Filters, deduplicates, mixes and shards text corpora on Apache Spark,",
            "and trains a Falcon-H1-style model on them.",
            "Every command explains itself: peregrine COMMAND --help."
        },
        optionListHeading = "%nOptions:%n",
        commandListHeading = "",
        footer = {
            "",
            "Spark options are spark-submit's own and stand before the command:",
            "  peregrine --master 'local[2]' --driver-memory 8g --conf spark.x=y run RUN.yaml",
            "Without them the embedded Spark uses every core and half of the memory.",
            "SPARK_HOME=DIR submits to that Spark; PEREGRINE_MEMORY=8g sets the heap.",
            "",
            "Exit codes: 0 done, 1 a check failed, 2 bad input or usage, 70 our own fault."
        })
public final class Peregrine implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(CommandLines.execute(commandLine(), args));
    }

    /** The whole command line, ready to execute. */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Peregrine());
        for (CommandGroup group : CommandGroup.ALL) {
            group.commands().forEach(type -> root.addSubcommand(complete(type)));
        }
        root.getHelpSectionMap().put(SECTION_KEY_COMMAND_LIST, Peregrine::commandList);
        return CommandLines.prepared(root);
    }

    private static CommandLine complete(Class<?> type) {
        CommandLine command = new CommandLine(type);
        CommandGroup.LATER_SUBCOMMANDS.getOrDefault(type, List.of()).forEach(command::addSubcommand);
        return command;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static String commandList(Help help) {
        return CommandGroup.ALL.stream()
                .map(group -> "%n%s:%n".formatted(group.heading())
                        + group.commands().stream()
                                .map(type -> commandLine(help, type))
                                .collect(joining()))
                .collect(joining());
    }

    private static String commandLine(Help help, Class<?> type) {
        Command command = type.getAnnotation(Command.class);
        String about = command.description().length > 0 ? command.description()[0] : "";
        return help.colorScheme()
                .text("  @|bold %-15s|@ %s%n".formatted(command.name(), about))
                .toString();
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"peregrine " + CodeVersion.CURRENT};
        }
    }
}
