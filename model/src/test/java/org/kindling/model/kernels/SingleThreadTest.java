package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Native code stays on the thread that calls it. */
class SingleThreadTest {
  private static final Path THREADS = Path.of("/proc/self/task");

  /** A thread's native helpers inherit its name, so Linux can tell how many there are. */
  @Test
  void productsStartNoHelpersOfTheirOwn() throws InterruptedException {
    assumeTrue(Files.isDirectory(THREADS), "counts threads in /proc, which is not here");
    AtomicLong helpers = new AtomicLong(-1);
    Thread thread =
        new Thread(
            () -> {
              SingleThread.enforce();
              multiplyLargeMatrices(new OneDnnKernels());
              multiplyLargeMatrices(new Nd4jKernels(DataType.FLOAT));
              helpers.set(threadsNamed("lonely-task") - 1);
            },
            "lonely-task");

    thread.start();
    thread.join();

    assertThat(helpers).hasValue(0);
  }

  private static void multiplyLargeMatrices(Kernels made) {
    try (Kernels kernels = made) {
      RandomArrays random = new RandomArrays(DataType.FLOAT, RandomArrays.SEED);
      INDArray x = random.normal(512, 512);
      INDArray y = random.zeros(512, 512);
      kernels.product(Product.of(x, x, y)).run();
      kernels.softmax(y).run();
      kernels.add(x, y).run();
    }
  }

  private static long threadsNamed(String name) {
    try (Stream<Path> threads = Files.list(THREADS)) {
      return threads.filter(thread -> nameOf(thread).equals(name)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty for a thread that has just ended. */
  private static String nameOf(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
