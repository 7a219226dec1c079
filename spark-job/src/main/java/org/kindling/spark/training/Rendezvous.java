package org.kindling.spark.training;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the driver and the tasks of a {@link StandingJob} meet, step after step: the driver posts
 * an order, each task delivers its gradient, and waits for the next order.
 *
 * <p>A task waits only while all tasks of the job are here. If there are more tasks than free
 * slots, those that came first leave after their delivery and make room for the others; nobody
 * waits for one who cannot come. Once a task has left for that reason, the rendezvous is disbanded:
 * the order that is posted is finished, and no other is taken.
 */
final class Rendezvous {
  /** So often a waiting task looks whether Spark has killed it, in milliseconds. */
  private static final long LOOK_UP_MILLIS = 200;

  /** What each task has delivered for the order; null where it has not yet. */
  private final TaskGradient[] delivered;

  private final long patienceMillis;
  private Order order;
  private int present;
  private boolean disbanded;
  private Throwable failure;

  /**
   * A step to compute.
   *
   * @param step counted from 0
   * @param weights P values, which nobody changes until all tasks have delivered
   */
  record Order(long step, float[] weights) {}

  /**
   * With the first order posted.
   *
   * @param tasks how many tasks the job has
   * @param patience how long a task waits for others that have not come yet
   */
  Rendezvous(int tasks, Order first, Duration patience) {
    this.patienceMillis = patience.toMillis();
    this.delivered = new TaskGradient[tasks];
    this.order = first;
  }

  /** Driver: posts the next order; false if the tasks have left. */
  synchronized boolean post(Order next) {
    if (disbanded) {
      return false;
    }
    order = next;
    Arrays.fill(delivered, null);
    notifyAll();
    return true;
  }

  /**
   * Driver: waits until all tasks have delivered, and returns what they did in the order of
   * partitions.
   *
   * @throws RuntimeException what ended the job, if it failed
   */
  synchronized List<TaskGradient> delivered() {
    while (Arrays.stream(delivered).anyMatch(Objects::isNull)) {
      if (failure != null) {
        throw Rendezvous.<RuntimeException>unchecked(failure);
      }
      sleep(0);
    }
    return List.of(delivered);
  }

  /** Driver: no further order will come. */
  synchronized void disband() {
    disbanded = true;
    notifyAll();
  }

  /** The job's thread: the job has ended with an exception. */
  synchronized void fail(Throwable cause) {
    failure = cause;
    disbanded = true;
    notifyAll();
  }

  /** Task: is here. */
  synchronized void arrive() {
    present++;
  }

  /** Task: is gone. */
  synchronized void leave() {
    present--;
    notifyAll();
  }

  /**
   * Task: waits for an order to which it has not delivered yet; empty when it should leave.
   *
   * @param place the task's partition
   * @param stillWanted throws if Spark has given the task up
   */
  synchronized Optional<Order> next(int place, Runnable stillWanted) {
    long deadline = System.nanoTime() + patienceMillis * 1_000_000;
    while (delivered[place] != null) {
      boolean complete = present == delivered.length;
      if (!complete && System.nanoTime() > deadline) {
        disband();
      }
      if (disbanded) {
        return Optional.empty();
      }
      sleep(complete ? LOOK_UP_MILLIS : patienceMillis);
      stillWanted.run();
    }
    return failure == null ? Optional.of(order) : Optional.empty();
  }

  /** Task: hands over its gradient; what a retry or another attempt delivered before stays. */
  synchronized void deliver(int place, Order served, TaskGradient gradient) {
    if (served == order && delivered[place] == null) {
      delivered[place] = gradient;
      notifyAll();
    }
  }

  private void sleep(long millis) {
    Interruptible.waitFor(
        "a step",
        () -> {
          wait(millis);
          return null;
        });
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E unchecked(Throwable e) throws E {
    throw (E) e;
  }
}
