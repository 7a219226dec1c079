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
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.buffer.DataType;

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

  /** Vectors must not be boxed where zeros are skipped. */
  @Test
  void aStepThatSkipsZerosAllocatesNothingToSpeakOf() {
    ModelSettings wide =
        new ModelSettings(ModelType.GPT, 1, 2, 96, 16, 20, 0.1, true, true, true, Activation.RELU);
    float[] initial = InitialWeights.draw(ParameterLayout.of(wide), 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    try (Replica replica = new Replica(wide, 2, KernelChooser.make(KernelChoice.ONEDNN, true))) {
      replica.load(initial);
      passes(replica, 3000);
      long before = threads.getThreadAllocatedBytes(thread);
      passes(replica, 100);
      long bytes = (threads.getThreadAllocatedBytes(thread) - before) / 100;

      assertThat(bytes).as("bytes a pass on the Java heap").isLessThan(4096);
    }
  }

  private void passes(Replica replica, int count) {
    for (int i = 0; i < count; i++) {
      replica.accumulate(ids, ids, keys);
    }
  }

  @Test
  void memoryOutsideTheHeapStaysWhereItIs() throws IOException {
    assumeTrue(Files.isReadable(STATM), "reads /proc, which is not here");
    try (Replica replica = new Replica(SETTINGS, 2, KernelChooser.make(KernelChoice.ONEDNN))) {
      steps(replica, 1000);
      long before = residentBytes();
      steps(replica, 10_000);
      long grown = residentBytes() - before;

      // A vector of 7,000 weights a step would be 290 MB.
      assertThat(grown).as("growth in bytes over 10,000 steps").isLessThan(64L << 20);
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
    buildAndClose(120);
    // Each has 12 MB of activations and 0.8 MB of dropout masks: 94 MB of masks in all.
    assertThat(residentBytes() - before).as("growth in bytes").isLessThan(64L << 20);
  }

  /**
   * Replicas whose size would be seen, of eight sequences of 64 tokens. They share weights and
   * gradients, which go with the garbage.
   */
  private static void buildAndClose(int count) {
    ModelSettings settings =
        new ModelSettings(ModelType.GPT, 4, 4, 64, 64, 20, 0.1, true, true, true, Activation.GELU);
    int[] ids = new int[8 * 64];
    ParameterLayout layout = ParameterLayout.of(settings);
    float[] weights = InitialWeights.draw(layout, 1);
    Parameters parameters = new Parameters(layout, DataType.FLOAT);
    for (int i = 0; i < count; i++) {
      Kernels kernels = KernelChooser.make(KernelChoice.ONEDNN);
      try (Replica replica = new Replica(settings, parameters, 8, 64, kernels)) {
        replica.load(weights);
        replica.clearGradients();
        replica.accumulate(ids, ids, new long[8]);
      }
    }
  }

  private static long residentBytes() throws IOException {
    return 4096 * Long.parseLong(Files.readString(STATM).split(" ")[1]);
  }
}
