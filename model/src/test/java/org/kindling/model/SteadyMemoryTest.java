package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/**
 * A step leaves next to nothing behind on the Java heap and nothing outside it, nor does a closed
 * replica.
 */
class SteadyMemoryTest {
  private static final Path STATM = Path.of("/proc/self/statm");

  private static final ModelSettings SETTINGS =
      new ModelSettings(ModelType.GPT, 2, 2, 16, 16, 20, 0.1, true, true, true, Activation.GELU);

  private final int[] ids = new int[2 * 16];
  private final long[] keys = {1, 2};
  private final float[] weights = InitialWeights.draw(ParameterLayout.of(SETTINGS), 1);
  private final float[] gradients = new float[weights.length];

  private void steps(Replica replica, int count) {
    for (int i = 0; i < count; i++) {
      keys[0] = i;
      Arrays.fill(ids, i % 20);
      replica.load(weights);
      replica.clearGradients();
      replica.accumulate(ids, ids, keys);
      replica.gradients(gradients);
    }
  }

  @Test
  void aStepAllocatesNothingToSpeakOf() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    try (Replica replica = new Replica(SETTINGS, 2, KernelChooser.make(KernelChoice.ONEDNN))) {
      steps(replica, 3000);
      long before = threads.getThreadAllocatedBytes(thread);
      steps(replica, 100);
      long bytes = (threads.getThreadAllocatedBytes(thread) - before) / 100;

      assertThat(bytes).as("bytes a step on the Java heap").isLessThan(4096);
    }
  }

  @Test
  void memoryOutsideTheHeapStaysWhereItIs() throws IOException {
    assumeTrue(Files.isReadable(STATM), "reads /proc, which is not here");
    try (Replica replica = new Replica(SETTINGS, 2, KernelChooser.make(KernelChoice.ONEDNN))) {
      steps(replica, 1000);
      long before = residentBytes();
      steps(replica, 2000);
      long grown = residentBytes() - before;

      assertThat(grown).as("growth in bytes over 2000 steps").isLessThan(64L << 20);
    }
  }

  /**
   * ND4J's operations make short-lived objects; each piece of memory outside the heap hangs on one,
   * so it would be seen.
   */
  @Test
  void nd4jsGarbageIsCollected() {
    try (Replica replica = new Replica(SETTINGS, 2, KernelChooser.make(KernelChoice.ND4J))) {
      steps(replica, 30);
      long before = liveBytes();
      steps(replica, 100);
      long grown = liveBytes() - before;

      assertThat(grown).as("growth in live bytes over 100 steps").isLessThan(16L << 20);
    }
  }

  /** What the heap holds once ND4J's own cleaning threads, which may lag, have come to rest. */
  private static long liveBytes() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int calm = 0, rounds = 0; calm < 4 && rounds < 30; calm++, rounds++) {
      System.gc();
      LockSupport.parkNanos(50_000_000);
      long live = runtime.totalMemory() - runtime.freeMemory();
      if (live < least - (1L << 18)) {
        calm = 0;
      }
      least = Math.min(least, live);
    }
    return least;
  }

  @Test
  void closedReplicasLeaveNothing() throws IOException {
    assumeTrue(Files.isReadable(STATM), "reads /proc, which is not here");
    buildAndClose(10);
    long before = residentBytes();
    buildAndClose(60);
    assertThat(residentBytes() - before).as("growth in bytes").isLessThan(100L << 20);
  }

  private void buildAndClose(int count) {
    for (int i = 0; i < count; i++) {
      try (Replica replica = new Replica(SETTINGS, 2, KernelChooser.make(KernelChoice.ONEDNN))) {
        steps(replica, 1);
      }
    }
  }

  private static long residentBytes() throws IOException {
    return 4096 * Long.parseLong(Files.readString(STATM).split(" ")[1]);
  }
}
