package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A disk that is full while a checkpoint is written. The disk is a real one: a file system in
 * memory of limited size, which a process may mount in a namespace of its own without being root.
 * Skipped where the system does not allow that.
 */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskIT {
  private static final List<String> OWN_NAMESPACE =
      List.of("unshare", "--map-root-user", "--mount");

  /** The disk has room for two checkpoints. */
  private static final String LINES =
      """
      set -e
      disk=$1 out=$2
      shift 2
      mount -t tmpfs -o size=26m kindling "$disk"
      code=0
      "$0" --master 'local[2]' "$@" > "$out/first.out" 2> "$out/first.err" || code=$?
      echo "exit code $code"
      ls -A "$disk/run/checkpoints"
      mount -o remount,size=200m "$disk"
      damaged="$disk/run/checkpoints/step-00000020/optimizer.safetensors"
      printf '\\377\\377\\377\\377' | dd of="$damaged" bs=1 seek=3000000 conv=notrunc status=none
      "$0" --master 'local[1]' train --resume "$disk/run"
      cp -r "$disk/run" "$out/run"
      """;

  @TempDir Path folder;

  /** And the newest of the whole ones is damaged then, for good measure. */
  @Test
  void stopsWithOneLineAndLeavesWhatItWrote() throws Exception {
    Script.Ended possible =
        Script.bash(folder, OWN_NAMESPACE, "mount -t tmpfs kindling \"$1\"", folder.toString());
    assumeTrue(possible.exitCode() == 0, "this system lets nobody mount: " + possible.err());
    Path text = CommandLineFixture.rhyme(folder);
    FaultyRun undisturbed = FaultyRun.in(folder, "local[2]");
    assertThat(undisturbed.start(text).await().exitCode()).isZero();

    Path disk = FaultyRun.in(folder, "disk").folder();
    Path out = FaultyRun.in(folder, "out").folder();
    List<String> arguments = new ArrayList<>(List.of(disk.toString(), out.toString()));
    arguments.addAll(FaultyRun.training(text, disk + "/run"));
    Script.Ended ended =
        Script.bash(folder, OWN_NAMESPACE, LINES, arguments.toArray(String[]::new));

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(out.resolve("first.err"))
        .content()
        .as("the log, and one line: a checkpoint's, or a metric's that came at the same moment")
        .containsPattern(
            "(?m)^kindling: cannot write (checkpoint )?%s/run/(checkpoints/step-00000030|metrics.jsonl): No space left on device(; earlier checkpoints are as they were)?$"
                .formatted(disk))
        .doesNotContain("Exception", "\tat ");
    assertThat(ended.out())
        .startsWith("exit code 2\nstep-00000010\nstep-00000020\n")
        .contains(
            "passed over: checkpoint %s/run/checkpoints/step-00000020 is damaged".formatted(disk))
        .contains("continuing %s/run from step 10\n".formatted(disk));
    assertThat(FaultyRun.result(out.resolve("run"))).isEqualTo(undisturbed.result());
  }
}
