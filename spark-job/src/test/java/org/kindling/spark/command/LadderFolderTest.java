package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.run.RunDirectory;

/** Which folders a ladder may have. */
class LadderFolderTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  private LadderFolder ladder() {
    return LadderFolder.at(folder.toString(), HADOOP);
  }

  private void refused(boolean overwrite, String message) {
    assertThatThrownBy(() -> ladder().refuseTaken(overwrite))
        .isInstanceOf(InputException.class)
        .hasMessage(message.formatted(folder));
  }

  @Test
  void anEmptyOrMissingOneIsTaken() {
    ladder().refuseTaken(false);
    LadderFolder.at(folder.resolve("new").toString(), HADOOP).refuseTaken(false);
  }

  @Test
  void anotherLadderIsReplacedIfThatIsWanted() throws Exception {
    RunDirectory.create(folder.resolve("02-one-head").toString(), false, "", "{}", HADOOP);

    refused(false, "--output %s holds a ladder already: use --overwrite to replace it");
    ladder().refuseTaken(true);

    ladder().writePage("new");
    assertThat(folder.resolve("ladder.html")).content().isEqualTo("new");
    refused(false, "--output %s holds a ladder already: use --overwrite to replace it");
    assertThat(ladder()).hasToString(folder + "/ladder.html");
  }

  @Test
  void whatIsNoPathIsRefused() {
    assertThatThrownBy(() -> LadderFolder.at("", HADOOP))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("'' is not a path: ");
  }

  @Test
  void otherFoldersAreNeverReplaced() throws Exception {
    Files.writeString(folder.resolve("thesis.tex"), "");
    refused(
        false, "--output %s is not empty and holds no ladder: choose a new or an empty directory");
    refused(
        true,
        "--output %s is not empty and holds no ladder: choose a new or an empty directory"
            + " (--overwrite replaces ladders only)");

    Files.createDirectories(folder.resolve("03-multi-head"));
    Files.writeString(folder.resolve("03-multi-head/thesis.tex"), "");
    assertThatThrownBy(() -> ladder().refuseTaken(true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("03-multi-head is not empty and holds no run");
  }
}
