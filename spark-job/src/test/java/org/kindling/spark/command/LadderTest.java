package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.tensorboard.EventReader;

/** The lecture's models on the built-in plays, a few hundred steps each. */
@ExtendWith(CommandLineFixture.class)
class LadderTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^(0\\d-[a-z-]+) +([0-9,]+) +([0-9,-]+) +([0-9.-]+) ");

  @TempDir static Path folder;

  @Test
  void eachRungIsBetterThanTheOneBeforeWhereThatHoldsSoEarly() throws IOException {
    Path output = folder.resolve("ladder");
    oldLadder(output);

    Result result =
        kindling(
            "ladder",
            "--output",
            output.toString(),
            "--minutes",
            "10",
            "--overwrite",
            "--tensorboard",
            "train.steps=300");

    assertThat(result.exitCode()).as(result.err()).isZero();
    Map<String, MatchResult> rows =
        ROW.matcher(result.out())
            .results()
            .collect(Collectors.toMap(row -> row.group(1), Function.identity()));
    assertThat(rows).containsKey("07-scaled").hasSize(7);
    // The bigram's learning rate is ten times higher, and layer norms pay later.
    assertThat(loss(rows, "03-multi-head")).isLessThan(loss(rows, "02-one-head"));
    assertThat(loss(rows, "04-feed-forward")).isLessThan(loss(rows, "03-multi-head"));
    assertThat(loss(rows, "05-residual")).isLessThan(loss(rows, "04-feed-forward") - 0.2);
    assertThat(loss(rows, "06-layer-norm")).isLessThan(loss(rows, "04-feed-forward") - 0.2);
    // What the lecture's code counts.
    assertThat(rows.get("02-one-head").group(2)).isEqualTo("7,553");
    assertThat(rows.get("04-feed-forward").group(2)).isEqualTo("8,609");
    assertThat(rows.get("07-scaled").group(2)).isEqualTo("10,788,929");
    assertThat(result.out())
        .contains("left out for time (--minutes): 07-scaled, which takes about");
    assertThat(Files.readString(output.resolve("ladder.html")))
        .contains("href=\"06-layer-norm/report.html\"", "left out")
        .doesNotContain("{{");
    assertThat(output.resolve("06-layer-norm/report.html")).exists();
    assertThat(output.resolve("07-scaled/config.conf")).as("left out").hasContent("old");
    assertThat(output.resolve("01-bigram/config.conf")).content().contains("data-sha256");

    assertThat(
            EventReader.scalars(
                EventReader.folder(output.resolve("06-layer-norm/tensorboard")), "loss/validation"))
        .isNotEmpty();

    refused(
        kindling("ladder", "--output", output.toString()),
        "--output %s holds a ladder already: use --overwrite to replace it".formatted(output));
  }

  /** Two rungs that another ladder has trained. */
  private static void oldLadder(Path output) throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("ladder.html"), "old");
    for (String rung : List.of("01-bigram", "07-scaled")) {
      RunDirectory.create(output.resolve(rung).toString(), false, "old", "{}", new Configuration());
    }
  }

  private static double loss(Map<String, MatchResult> rows, String rung) {
    return Double.parseDouble(rows.get(rung).group(4));
  }

  /** Enough for a context of 8, not for 256. */
  @Test
  void aRungThatTheTextIsTooShortForIsLeftOut() throws IOException {
    Path text = CommandLineFixture.write(folder.resolve("short.txt"), "to be or not ".repeat(17));
    Path output = folder.resolve("short ladder");

    Result result =
        kindling(
            "ladder",
            "--input",
            text.toString(),
            "--output",
            output.toString(),
            "train.steps=2",
            "train.shards=1");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("\n06-layer-norm ", "\nleft out: 07-scaled, the training split has ")
        .containsPattern("\n07-scaled +- +- +- +1.48 +- ");
    assertThat(output.resolve("ladder.html")).exists();
  }

  @Test
  void withoutTimeAllAreInTheTable() {
    Result result =
        kindling("ladder", "--output", folder.resolve("none").toString(), "--minutes", "1e-9");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(ROW.matcher(result.out()).results()).isEmpty();
    assertThat(result.out())
        .containsPattern("\n01-bigram +- +- +- +2.50 +- ")
        .contains("left out for time (--minutes): 07-scaled\n", "none/ladder.html\n");
  }

  @Test
  void badInput() {
    refused(kindling("ladder", "--minutes", "0"), "--minutes = 0.0: must be above 0 and finite");
    refused(kindling("ladder", "--overwrite"), "leave --overwrite out");
    refused(kindling("ladder", "train.stepps=4"), "unknown setting train.stepps");
    refused(kindling("ladder", "model.heads=5"), "must be a multiple of model.heads = 5");
  }
}
