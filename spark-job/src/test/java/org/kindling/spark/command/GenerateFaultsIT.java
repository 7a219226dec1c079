package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.corpus.Tables;

/** A table of prompts on a cluster whose executor is killed on the way: nothing is different. */
@ExtendWith(CommandLineFixture.class)
class GenerateFaultsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"text", "parquet"})
  void anExecutorThatIsKilledInTheMiddleChangesNothing(String format) throws Exception {
    Path run = folder.resolve("run");
    // Few steps, since text that goes on for long is what is wanted.
    train(CommandLineFixture.rhyme(folder), run, "train.steps=4", "train.sample-tokens=0");
    List<String> prompts =
        IntStream.range(0, 1500)
            .mapToObj(i -> CommandLineFixture.RHYME.substring(i % 90, i % 90 + 20))
            .map(prompt -> prompt.replace('\n', ' '))
            .toList();
    Path input = folder.resolve("prompts." + format);
    if (format.equals("parquet")) {
      Tables.write(input, 10_000, prompts);
    } else {
      Files.write(input, prompts);
    }
    List<String> generate =
        List.of(
            "generate",
            "--model=" + run,
            "--input=" + input,
            "--max-new-tokens=120",
            "--slots=2",
            "--format=" + format,
            "--prompt-field=body",
            "--stop",
            "\n"); // a word of its own, which the script must hand on
    assertThat(kindling(with(generate, "--output=" + folder.resolve("expected"))).exitCode())
        .isZero();

    List<String> words =
        new ArrayList<>(List.of("--master=local-cluster[2,1,1024]", "--executor-memory=1g"));
    words.addAll(generate);
    Script.Started started =
        Script.start(folder, with(words, "--output=" + folder.resolve("disturbed")));
    started.awaitUntil(() -> tasksDone() > 0);
    ProcessHandle victim = started.executors().get(0);
    victim.destroyForcibly();
    victim.onExit().get();
    assertThat(folder.resolve("disturbed")).doesNotExist(); // it was in the middle

    Script.Ended ended = started.await();

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(rows(folder.resolve("disturbed")))
        .hasSize(prompts.size())
        .isEqualTo(rows(folder.resolve("expected")));
    assertThat(ended.out()).contains("\n1,500 rows in ");
  }

  private static String[] with(List<String> words, String more) {
    return Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** Tasks whose output was committed while the job goes on. */
  private long tasksDone() throws IOException {
    Path attempt = folder.resolve(".disturbed.tmp/_temporary/0");
    if (!Files.isDirectory(attempt)) {
      return 0;
    }
    try (Stream<Path> tasks = Files.list(attempt)) {
      return tasks.filter(task -> task.getFileName().toString().startsWith("task_")).count();
    }
  }

  /** The output's rows in their order, as text. */
  private static List<String> rows(Path output) throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path part : files.sorted().toList()) {
        String name = part.getFileName().toString();
        if (name.endsWith(".jsonl")) {
          rows.addAll(Files.readAllLines(part));
        } else if (name.endsWith(".parquet")) {
          rows.addAll(Tables.read(part));
        }
      }
    }
    return rows;
  }
}
