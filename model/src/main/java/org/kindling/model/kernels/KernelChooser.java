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
      try (OneDnnKernels kernels = new OneDnnKernels(OneDnnKernels.NEVER)) {
        kernels.describe();
        return Optional.empty();
      } catch (LinkageError | RuntimeException e) {
        return Optional.of(e);
      }
    }
  }

  private KernelChooser() {}

  /** Logs now which kernels {@link #make} gives, and why, if it has not been logged before. */
  public static void announce(KernelChoice choice, boolean skipsZeros) {
    make(choice, skipsZeros).close();
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
   * Whether a model's replicas skip zeros while oneDNN trains it, if that is wanted: where its
   * activation makes any, and this JVM has vectors. The driver asks, as above.
   */
  public static boolean skipsZeros(ModelSettings model, boolean wanted) {
    if (!wanted || !model.makesZeros()) {
      return false;
    }
    if (!hasVectors() && SAID.add(VECTORS)) {
      LOG.warn("ReLU's zeros are multiplied: skipping them takes java --add-modules {}", VECTORS);
    }
    return hasVectors();
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
   * @param skipsZeros whether oneDNN's do, see {@link OneDnnKernels#WHERE_FASTER}
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
    if (skipsZeros && !hasVectors()) {
      throw new ModelException(
          "train.skip-zeros = true: the driver's Java has module %s, but not that of this executor"
              .formatted(VECTORS));
    }
    double skipBelow = skipsZeros ? OneDnnKernels.WHERE_FASTER : OneDnnKernels.NEVER;
    return said(new OneDnnKernels(skipBelow), reason);
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
