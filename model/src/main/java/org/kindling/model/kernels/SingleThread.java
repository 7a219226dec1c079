package org.kindling.model.kernels;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Keeps native code to the calling thread. A Spark task owns one core, and a sum that is split over
 * threads depends on their number; both ask for one thread whatever {@code OMP_NUM_THREADS} says.
 */
public final class SingleThread {
  private static final NativeOps NATIVE = nativeOps();

  private SingleThread() {}

  /**
   * ND4J must have started before its native part is asked for, or neither ever works in this JVM.
   */
  private static NativeOps nativeOps() {
    Nd4j.getBackend();
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }

  /**
   * Makes OpenMP regions entered from this thread run on this thread alone. OpenMP keeps the number
   * per calling thread, and Spark hands out task threads as it likes, so a replica calls this at
   * the start of each pass; it costs less than a microsecond.
   */
  public static void enforce() {
    NATIVE.setOmpNumThreads(1);
  }

  /**
   * Makes OpenBLAS, which ND4J's products use, compute on the calling thread; holds for the
   * process.
   */
  static void enforceInBlas() {
    openblas_nolapack.blas_set_num_threads(1);
  }
}
