package org.kindling.spark.training;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A reference to a live object that passes through Spark's serialisation within one JVM: only its
 * number is written. The driver makes it and closes it; tasks of local mode look at it. The table
 * of such objects is static, as {@link TaskSpace} is, since only a number comes through.
 *
 * @param number unique in this JVM
 */
record Local<T>(long number) implements Serializable, AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Map<Long, Object> OBJECTS = new ConcurrentHashMap<>();

  static <T> Local<T> of(T object) {
    Local<T> reference = new Local<>(NUMBERS.incrementAndGet());
    OBJECTS.put(reference.number, object);
    return reference;
  }

  /** The object; null once it is closed, which only a task that was given up can see. */
  @SuppressWarnings("unchecked")
  T get() {
    return (T) OBJECTS.get(number);
  }

  @Override
  public void close() {
    OBJECTS.remove(number);
  }
}
