package io.peregrine.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What every command line of ours does with its user's mistakes, and with ours. */
final class CommandLines {
    private CommandLines() {}

    /** Sets how a command line explains itself and what fails. */
    static CommandLine prepared(CommandLine root) {
        root.setUsageHelpAutoWidth(true);
        root.setCaseInsensitiveEnumValuesAllowed(true); // as run files write them: block, not BLOCK
        root.setParameterExceptionHandler(CommandLines::explainUsage);
        root.setExecutionExceptionHandler(
                (failure, command, parsed) -> Failures.report(failure, command.getErr(), System.getenv()));
        return root;
    }

    /** Runs one command; the exit code. */
    static int execute(CommandLine root, String[] args) {
        try {
            return root.execute(args);
        } catch (Error e) { // picocli hands exceptions to Failures, but lets errors such as a full heap through
            return Failures.report(e, root.getErr(), System.getenv());
        }
    }

    private static int explainUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        boolean unknownCommand = failure instanceof UnmatchedArgumentException && command.getParent() == null;
        err.println(name + ": " + (unknownCommand ? "no such command: " + args[0] : failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("See: " + name + " --help");
        return Failures.BAD_INPUT;
    }
}
