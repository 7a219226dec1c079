package org.kindling.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {
  @TempDir Path folder;

  @Test
  void aFolderComesBackWhereAnotherCannotTakeItsName() throws IOException {
    var configuration = FlakyFileSystem.configuration("");
    var to = new org.apache.hadoop.fs.Path("flaky://" + folder + "/table");
    WholeFiles files = WholeFiles.of(to, configuration);
    Files.writeString(Files.createDirectory(folder.resolve("table")).resolve("old"), "");
    Files.writeString(Files.createDirectory(folder.resolve("new")).resolve("new"), "");
    var from = new org.apache.hadoop.fs.Path("flaky://" + folder + "/new");

    configuration.set(FlakyFileSystem.FIXED, "/new");
    assertThatThrownBy(() -> files.replaceFolder(from, to))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot rename %s to %s", from, to);
    assertThat(folder.resolve("table/old")).exists();
    assertThat(folder.resolve("new/new")).exists();

    // As where a process died in the middle.
    Files.move(folder.resolve("table"), folder.resolve(".table.old"));
    configuration.set(FlakyFileSystem.FIXED, "");
    files.putBack(to);
    assertThat(folder.resolve("table/old")).exists();

    files.replaceFolder(from, to);
    assertThat(folder.resolve("table").toFile().list()).containsExactly("new");
    assertThat(folder.toFile().list()).containsExactly("table");
  }

  /** Hadoop's local file system throws an Error then. Linux has a device that is always full. */
  @Test
  void aFullLocalDiskIsAnIOException() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Path file = Files.writeString(folder.resolve("best"), "old");
    Files.createSymbolicLink(folder.resolve(".best.tmp"), full);
    var path = new org.apache.hadoop.fs.Path(file.toString());
    WholeFiles files = WholeFiles.of(path, new Configuration());

    assertThatThrownBy(() -> files.writeText(path, "new"))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");

    assertThat(file).hasContent("old");
    assertThat(folder.resolve(".best.tmp")).doesNotExist();
  }
}
