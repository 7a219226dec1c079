package org.kindling.model.kernels;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.kindling.model.ModelException;
import org.kindling.model.ModelSettings;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the kernels a setting asks for, and says once in a JVM which they are and why. */
public final class KernelChooser {
  private static final Logger LOG = LoggerFactory.getLogger(KernelChooser.class);

  /** Java's vectors. Spark turns them on in each of its JVMs; others have to be told. */
  private static final String VECTORS = "jdk.incubator.vector";

  private static final String NO_VECTORS =
      "this JVM does not compute with vectors; start it with --add-modules " + VECTORS;

  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  static {
    // By default JavaCPP refuses native memory beyond a multiple of the heap, which has nothing to
    // do with what a replica needs.
    // It reads these when it is first used, which is after this.
    for (String limit : List.of("maxBytes", "maxPhysicalBytes")) {
      System.getProperties().putIfAbsent("org.bytedeco.javacpp." + limit, "0");
    }
  }

  /** Why oneDNN cannot be used in this JVM; empty where it can. Found out once. */
  private static final class OneDnnTrial {
    static final Optional<Throwable> FAILURE = attempt();

    private static Optional<Throwable> attempt() {
      try (OneDnnKernels kernels = new OneDnnKernels()) {
        kernels.describe();
        return Optional.empty();
      } catch (LinkageError | RuntimeException e) {
        return Optional.of(e);
      }
    }
  }

  private KernelChooser() {}

  /**
   * Logs now which kernels replicas will get, and why; {@link #make} does so where no one asked
   * before.
   */
  public static void announce(KernelChoice choice) {
    make(choice).close();
  }

  /**
   * What {@code auto} comes to in this JVM. The driver asks, and tells its tasks: where each found
   * out for itself, weights would depend on which machines have the library.
   */
  public static KernelChoice resolve(KernelChoice choice) {
    if (choice != KernelChoice.AUTO) {
      return choice;
    }
    return OneDnnTrial.FAILURE.isEmpty() ? KernelChoice.ONEDNN : KernelChoice.ND4J;
  }

  /**
   * Whether these kernels can skip zeros while a model is trained: where they are oneDNN's, the
   * model makes any, and this JVM computes with vectors. The driver asks, and the run keeps the
   * answer.
   */
  public static boolean skipsZeros(KernelChoice choice, ModelSettings model) {
    if (resolve(choice) != KernelChoice.ONEDNN || !model.makesZeros()) {
      return false;
    }
    if (!hasVectors()) {
      LOG.warn("ReLU's zeros will be multiplied: {}", NO_VECTORS);
    }
    return hasVectors();
  }

  /**
   * Asks for what a run that skips zeros cannot go on without.
   *
   * @throws ModelException if this JVM does not compute with vectors
   */
  public static void requireVectors() {
    if (!hasVectors()) {
      throw new ModelException(
          "train.skip-zeros = true: %s, or set it to false".formatted(NO_VECTORS));
    }
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule(VECTORS).isPresent() && ScaledRows.isFast();
  }

  /** New kernels for one replica, 32-bit floats, that skip no zeros. */
  public static Kernels make(KernelChoice choice) {
    return make(choice, false);
  }

  /**
   * New kernels for one replica, 32-bit floats.
   *
   * @param skipsZeros whether oneDNN's skip zeros {@link OneDnnKernels#WHERE_FASTER}
   * @throws ModelException if oneDNN is demanded and does not load, or zeros cannot be skipped
   */
  public static Kernels make(KernelChoice choice, boolean skipsZeros) {
    return switch (choice) {
      case ND4J -> nd4j("they are asked for");
      case ONEDNN -> {
        OneDnnTrial.FAILURE.ifPresent(
            failure -> {
              throw new ModelException(
                  "train.kernels = onednn: its native library does not load here (%s); use nd4j"
                      .formatted(failure),
                  failure);
            });
        yield oneDnn(skipsZeros, "they are asked for");
      }
      case AUTO ->
          OneDnnTrial.FAILURE.isEmpty()
              ? oneDnn(skipsZeros, "their native library loads here")
              : nd4j("oneDNN does not load here: " + OneDnnTrial.FAILURE.get());
    };
  }

  private static Kernels oneDnn(boolean skipsZeros, String reason) {
    if (skipsZeros) {
      requireVectors();
    }
    return said(
        skipsZeros ? new OneDnnKernels(OneDnnKernels.WHERE_FASTER) : new OneDnnKernels(), reason);
  }

  private static Kernels nd4j(String reason) {
    return said(new Nd4jKernels(DataType.FLOAT), reason);
  }

  private static Kernels said(Kernels kernels, String reason) {
    if (SAID.add(kernels.describe())) {
      LOG.info("kernels: {}, because {}", kernels.describe(), reason);
    }
    return kernels;
  }
}
