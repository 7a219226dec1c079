package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rendezvous that is wrong most often lets somebody wait for ever. */
@Timeout(30)
class RendezvousTest {
  private static final float[] WEIGHTS = {};
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void tasksServeOrderAfterOrder() throws Exception {
    Rendezvous rendezvous = new Rendezvous(2, order(0), PATIENT);
    List<Future<Integer>> tasks = List.of(task(rendezvous, 0), task(rendezvous, 1));

    for (int step = 0; step < 100; step++) {
      if (step > 0) {
        assertThat(rendezvous.post(order(step))).isTrue();
      }
      assertThat(rendezvous.delivered())
          .extracting(found -> found.report().tokens())
          .containsExactly(0L, 1L);
      assertThat(rendezvous.delivered().get(1).report().lossSums()).containsExactly(step);
    }
    rendezvous.disband();

    assertThat(tasks.get(0).get()).isEqualTo(100);
    assertThat(tasks.get(1).get()).isEqualTo(100);
    assertThat(rendezvous.post(order(100))).as("nobody is there").isFalse();
  }

  /** With one slot for two tasks, the second can come only when the first has gone. */
  @Test
  void nobodyWaitsForOneWhoCannotCome() throws Exception {
    Rendezvous rendezvous = new Rendezvous(2, order(0), Duration.ofMillis(1));

    assertThat(task(rendezvous, 0).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(task(rendezvous, 1).get(10, TimeUnit.SECONDS)).isEqualTo(1);

    assertThat(rendezvous.delivered()).hasSize(2);
    assertThat(rendezvous.post(order(1))).isFalse();
  }

  @Test
  void aRetryServesWhatTheDeadTaskOwed() throws Exception {
    Rendezvous rendezvous = new Rendezvous(2, order(0), PATIENT);
    Future<Integer> steady = task(rendezvous, 0);
    Future<Integer> dying = dyingAt(rendezvous, 1, 3);
    for (int step = 1; step <= 3; step++) {
      rendezvous.delivered();
      assertThat(rendezvous.post(order(step))).isTrue();
    }
    assertThatThrownBy(dying::get).isInstanceOf(ExecutionException.class);

    Future<Integer> retry = task(rendezvous, 1);

    assertThat(rendezvous.delivered().get(1).report().lossSums()).containsExactly(3);
    rendezvous.disband();
    assertThat(steady.get()).isEqualTo(4);
    assertThat(retry.get()).isEqualTo(1);
  }

  @Test
  void theDriverHearsWhatEndedTheJob() throws Exception {
    Rendezvous rendezvous = new Rendezvous(2, order(0), PATIENT);
    Future<Integer> task = task(rendezvous, 0);
    CompletableFuture<Object> driver =
        CompletableFuture.supplyAsync(
            () -> {
              return rendezvous.delivered();
            },
            threads);

    rendezvous.fail(new IllegalStateException("no more memory"));

    assertThatThrownBy(() -> driver.get(10, TimeUnit.SECONDS))
        .hasRootCauseMessage("no more memory");
    assertThat(task.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(1);
  }

  /** An attempt that Spark has given up may deliver late; the step has moved on. */
  @Test
  void aLateDeliveryCountsForNothing() {
    Rendezvous rendezvous = new Rendezvous(1, order(0), PATIENT);
    Rendezvous.Order first = rendezvous.next(0, () -> {}).orElseThrow();
    rendezvous.deliver(0, first, found(0, 7));
    rendezvous.deliver(0, first, found(0, 8));
    assertThat(rendezvous.delivered().get(0).report().lossSums()).containsExactly(7);

    assertThat(rendezvous.post(order(1))).isTrue();
    rendezvous.deliver(0, first, found(0, 9));

    assertThat(rendezvous.next(0, () -> {}).orElseThrow().step()).isEqualTo(1);
  }

  private Future<Integer> task(Rendezvous rendezvous, int place) {
    return dyingAt(rendezvous, place, -1);
  }

  private Future<Integer> dyingAt(Rendezvous rendezvous, int place, long lastStep) {
    return threads.submit(
        () -> {
          List<Long> served = new ArrayList<>();
          rendezvous.arrive();
          try {
            for (var order = rendezvous.next(place, () -> {});
                order.isPresent();
                order = rendezvous.next(place, () -> {})) {
              if (order.get().step() == lastStep) {
                throw new IllegalStateException("dies on purpose");
              }
              rendezvous.deliver(place, order.get(), found(place, order.get().step()));
              served.add(order.get().step());
            }
            return served.size();
          } finally {
            rendezvous.leave();
          }
        });
  }

  private static Rendezvous.Order order(long step) {
    return new Rendezvous.Order(step, WEIGHTS);
  }

  private static TaskGradient found(int place, double loss) {
    return new TaskGradient(List.of(), new TaskReport("driver", new double[] {loss}, place, 0, 0));
  }
}
