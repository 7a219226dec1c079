package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  @TempDir Path folder;

  /** Hadoop's local file system throws an Error then. Linux has a device that is always full. */
  @Test
  void aFullLocalDiskIsAnIOException() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Path file = Files.writeString(folder.resolve("best"), "old");
    Files.createSymbolicLink(folder.resolve(".best.tmp"), full);
    var path = new org.apache.hadoop.fs.Path(file.toString());
    RunFiles files = RunFiles.of(path, Fixtures.LOCAL);

    assertThatThrownBy(() -> files.writeText(path, "new"))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");

    assertThat(file).hasContent("old");
    assertThat(folder.resolve(".best.tmp")).doesNotExist();
  }
}
