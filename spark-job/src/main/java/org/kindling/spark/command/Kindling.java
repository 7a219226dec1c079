package org.kindling.spark.command;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.kindling.model.ModelException;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.TokenizerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The main class of the job's jar. Exit codes: 0 done, 2 bad input, 1 anything else. */
@Command(
    name = "kindling",
    description = "Trains GPT language models on Apache Spark, and generates text with them.",
    subcommands = {
      TrainCommand.class,
      GenerateCommand.class,
      EvaluateCommand.class,
      LadderCommand.class,
      AttentionCommand.class,
      ExplainCommand.class,
      TokenizerCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    footer = {
      "",
      "Options of spark-submit, such as --master and --conf, stand before the command:",
      "  scripts/kindling --master 'local[2]' train train.steps=500"
    })
public final class Kindling implements Callable<Integer> {
  private static final int BAD_INPUT = 2;
  private static final int FAILED = 1;

  @Option(
      names = "--verbose",
      description = "Show Spark's log, and stack traces of errors.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // digits that a machine reads, too
    int exitCode = run(args);
    // Not for 0: YARN's application master takes a program that exits by itself for a failed one.
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Runs one command and returns its exit code. */
  static int run(String... args) {
    Kindling kindling = new Kindling();
    CommandLine line = new CommandLine(kindling);
    line.setUsageHelpAutoWidth(true);
    line.setExpandAtFiles(false); // a prompt may begin with '@'
    line.getSubcommands()
        .get("train")
        .getCommandSpec()
        .usageMessage()
        .footerHeading("%nSettings and their defaults:%n%n")
        .footer(TrainCommand.settingsHelp());
    line.setExecutionStrategy(
        parsed -> {
          kindling.adjustLogging();
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(Kindling::refuse);
    line.setExecutionExceptionHandler((e, command, parsed) -> kindling.report(e));
    try {
      int exitCode = line.execute(args);
      if (exitCode == 0) {
        StandardOutput.check();
      }
      return exitCode;
    } catch (InputException e) {
      return kindling.report(e);
    } catch (Error e) { // which the handlers above do not get
      return kindling.report(e);
    }
  }

  /** Without a command there is only the help to give. */
  @Override
  public Integer call() {
    throw MissingCommand.of(spec);
  }

  /**
   * Spark logs a failed task with its stack trace, and so does what waits for it; the user's line
   * comes from here instead.
   */
  private void adjustLogging() {
    if (verbose) {
      Configurator.setLevel("org.apache.spark", Level.INFO);
    } else {
      Configurator.setLevel("org.apache.spark", Level.WARN);
      Configurator.setLevel("org.apache.spark.scheduler.TaskSetManager", Level.OFF);
      Configurator.setLevel("org.apache.spark.executor.Executor", Level.OFF);
      Configurator.setLevel("org.apache.spark.SparkContext", Level.OFF);
      Configurator.setLevel("org.apache.spark.metrics.MetricsSystem", Level.ERROR);
    }
  }

  /** Our own log from that level on, unless the user wants to see all. */
  void quieten(Level level) {
    if (!verbose) {
      Configurator.setLevel("org.kindling", level);
    }
  }

  private static int refuse(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    System.err.printf(
        "kindling: %s; try '%s --help'%n",
        oneLine(e.getMessage()), command.getCommandSpec().qualifiedName());
    return BAD_INPUT;
  }

  private int report(Throwable failure) {
    Optional<Throwable> badInput = badInput(failure);
    if (badInput.isPresent()) {
      System.err.println("kindling: " + oneLine(badInput.get().getMessage()));
    } else {
      System.err.println("kindling: failed: " + rootOf(failure) + "; --verbose shows where");
    }
    if (verbose) {
      failure.printStackTrace();
    }
    return badInput.isPresent() ? BAD_INPUT : FAILED;
  }

  /** The first cause; Spark's own message would go on with stack traces of tasks. */
  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString().lines().findFirst().orElse("");
  }

  private static InputException tooLittleMemory(String what) {
    boolean isHeap = what != null && what.contains("heap space");
    return new InputException(
        "too little memory: %s%s"
            .formatted(
                what, isHeap ? "; give more with --driver-memory, or --executor-memory" : ""));
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The outermost of our own exceptions, which knows most; Spark wraps what its tasks throw. */
  private static Optional<Throwable> badInput(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof InputException
          || e instanceof ModelException
          || e instanceof TokenizerException) {
        return Optional.of(e);
      }
      if (e instanceof OutOfMemoryError) {
        return Optional.of(tooLittleMemory(e.getMessage()));
      }
    }
    return Optional.empty();
  }
}
