package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.tensorboard.EventReader;
import org.kindling.spark.tensorboard.EventReader.Read;

/** Event files of runs that are started, continued and replaced. */
@ExtendWith(CommandLineFixture.class)
class TensorBoardTest {
  @TempDir Path folder;

  private List<Read> file(int number) throws Exception {
    List<Path> files = EventReader.files(folder.resolve("run/tensorboard"));
    return EventReader.events(Files.readAllBytes(files.get(number)));
  }

  private static List<Long> steps(List<Read> events, String tag) {
    return events.stream().filter(event -> event.is(tag)).map(Read::step).toList();
  }

  @Test
  void curvesSamplesAndHistogramsOfARunThatIsContinuedAndThenReplaced() throws Exception {
    Path text = CommandLineFixture.rhyme(folder);
    Path run = folder.resolve("run");
    String[] more = {"train.steps=20", "train.checkpoint-every=10", "train.sample-tokens=7"};
    Result trained = train(text, run, "--tensorboard-histograms", more[0], more[1], more[2]);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("TensorBoard: events go to " + run + "/tensorboard\n");

    List<Read> first = file(0);
    assertThat(steps(first, "loss/training")).containsExactly(5L, 10L, 15L, 20L);
    assertThat(steps(first, "loss/validation")).containsExactly(10L, 20L);
    assertThat(steps(first, "weights/wte.weight")).containsExactly(0L, 10L, 20L);
    assertThat(EventReader.texts(first, "settings").get(0)).contains("    model {\n");
    List<String> samples = EventReader.texts(first, "sample");
    assertThat(samples).hasSize(2);
    assertThat(samples.get(1).strip())
        .isNotEmpty()
        .isEqualTo(lastSample(run).lines().map(String::strip).reduce("", (a, b) -> a + b).strip());

    Result resumed =
        kindling("train", "--resume", run.toString(), "--tensorboard", "train.steps=30");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    List<Read> second = file(1);
    assertThat(second.stream().filter(Read::begins)).extracting(Read::step).containsExactly(21L);
    assertThat(steps(second, "loss/training")).containsExactly(25L, 30L);
    assertThat(steps(second, "weights/wte.weight")).isEmpty();
    assertThat(steps(second, "sample")).containsExactly(30L);

    assertThat(train(text, run, "--overwrite", "train.steps=5").exitCode()).isZero();
    assertThat(run.resolve("tensorboard")).as("it was the old run's").doesNotExist();
  }

  private static String lastSample(Path run) throws Exception {
    List<String> lines = Files.readAllLines(run.resolve("samples.jsonl"));
    return new ObjectMapper().readTree(lines.get(lines.size() - 1)).get("text").asText();
  }
}
