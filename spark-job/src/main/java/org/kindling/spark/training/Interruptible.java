package org.kindling.spark.training;

/** Waiting that an interrupt ends, which is how Spark ends a task that it has given up. */
final class Interruptible {
  private Interruptible() {}

  /** A call that waits. */
  interface Wait<R> {
    R get() throws InterruptedException;
  }

  /**
   * Waits.
   *
   * @param what for the message: {@code weights}
   */
  static <R> R waitFor(String what, Wait<R> wait) {
    try {
      return wait.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }

  /** Lets a millisecond pass. */
  static void pause(String what) {
    waitFor(
        what,
        () -> {
          Thread.sleep(1);
          return null;
        });
  }
}
