package org.kindling.spark.command.train;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * While it is open, Ctrl-C or SIGTERM asks training to end after its step, with a checkpoint; a
 * second one ends the process at once. Without it the JVM would run Spark's shutdown hooks, under
 * which a step cannot be finished.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final int SIGNALLED = 128;

  private final Map<Signal, SignalHandler> before = new ConcurrentHashMap<>();
  private final AtomicReference<Signal> received = new AtomicReference<>();

  StopSignal() {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal signal = new Signal(name);
      before.put(signal, Signal.handle(signal, this::handle));
    }
  }

  private void handle(Signal signal) {
    if (received.compareAndSet(null, signal)) {
      System.err.printf(
          "%nkindling: SIG%s: writing a checkpoint after this step; once more stops at once%n",
          signal.getName());
      quietenSpark();
    } else {
      Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
    }
  }

  /**
   * Executors that were started from the same terminal get Ctrl-C, too, and Spark would tell of
   * each message that does not reach them, with stack traces. With {@code --verbose} it does.
   */
  private static void quietenSpark() {
    if (!LoggerFactory.getLogger("org.apache.spark").isInfoEnabled()) {
      Configurator.setLevel("org.apache.spark", Level.OFF);
    }
  }

  /** Whether a signal came. */
  @Override
  public boolean getAsBoolean() {
    return received.get() != null;
  }

  @Override
  public void close() {
    before.forEach(Signal::handle);
  }
}
