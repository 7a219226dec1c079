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

/** A bench that is wrong most often lets somebody wait for ever. */
@Timeout(30)
class BenchTest {
  private static final float[] WEIGHTS = {};
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void tasksServeOrderAfterOrder() throws Exception {
    Bench bench = new Bench(2, order(0), PATIENT);
    List<Future<Integer>> tasks = List.of(task(bench, 0), task(bench, 1));

    for (int step = 0; step < 100; step++) {
      if (step > 0) {
        assertThat(bench.post(order(step))).isTrue();
      }
      assertThat(bench.delivered())
          .extracting(block -> block.report().tokens())
          .containsExactly(0L, 1L);
      assertThat(bench.delivered().get(1).report().lossSums()).containsExactly(step);
    }
    bench.disband();

    assertThat(tasks.get(0).get()).isEqualTo(100);
    assertThat(tasks.get(1).get()).isEqualTo(100);
    assertThat(bench.post(order(100))).as("nobody is there").isFalse();
  }

  /** With one slot for two tasks, the second can come only when the first has gone. */
  @Test
  void nobodyWaitsForOneWhoCannotCome() throws Exception {
    Bench bench = new Bench(2, order(0), Duration.ofMillis(1));

    assertThat(task(bench, 0).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(task(bench, 1).get(10, TimeUnit.SECONDS)).isEqualTo(1);

    assertThat(bench.delivered()).hasSize(2);
    assertThat(bench.post(order(1))).isFalse();
  }

  @Test
  void aRetryServesWhatTheDeadTaskOwed() throws Exception {
    Bench bench = new Bench(2, order(0), PATIENT);
    Future<Integer> steady = task(bench, 0);
    Future<Integer> dying = dyingAt(bench, 1, 3);
    for (int step = 1; step <= 3; step++) {
      bench.delivered();
      assertThat(bench.post(order(step))).isTrue();
    }
    assertThatThrownBy(dying::get).isInstanceOf(ExecutionException.class);

    Future<Integer> retry = task(bench, 1);

    assertThat(bench.delivered().get(1).report().lossSums()).containsExactly(3);
    bench.disband();
    assertThat(steady.get()).isEqualTo(4);
    assertThat(retry.get()).isEqualTo(1);
  }

  @Test
  void theDriverHearsWhatEndedTheJob() throws Exception {
    Bench bench = new Bench(2, order(0), PATIENT);
    Future<Integer> task = task(bench, 0);
    CompletableFuture<Object> driver =
        CompletableFuture.supplyAsync(
            () -> {
              return bench.delivered();
            },
            threads);

    bench.fail(new IllegalStateException("no more memory"));

    assertThatThrownBy(() -> driver.get(10, TimeUnit.SECONDS))
        .hasRootCauseMessage("no more memory");
    assertThat(task.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(1);
  }

  /** An attempt that Spark has given up may deliver late; the step has moved on. */
  @Test
  void aLateDeliveryCountsForNothing() {
    Bench bench = new Bench(1, order(0), PATIENT);
    Bench.Order first = bench.next(0, () -> {}).orElseThrow();
    bench.deliver(0, first, block(0, 7));
    bench.deliver(0, first, block(0, 8));
    assertThat(bench.delivered().get(0).report().lossSums()).containsExactly(7);

    assertThat(bench.post(order(1))).isTrue();
    bench.deliver(0, first, block(0, 9));

    assertThat(bench.next(0, () -> {}).orElseThrow().step()).isEqualTo(1);
  }

  private Future<Integer> task(Bench bench, int place) {
    return dyingAt(bench, place, -1);
  }

  private Future<Integer> dyingAt(Bench bench, int place, long lastStep) {
    return threads.submit(
        () -> {
          List<Long> served = new ArrayList<>();
          bench.arrive();
          try {
            for (var order = bench.next(place, () -> {});
                order.isPresent();
                order = bench.next(place, () -> {})) {
              if (order.get().step() == lastStep) {
                throw new IllegalStateException("dies on purpose");
              }
              bench.deliver(place, order.get(), block(place, order.get().step()));
              served.add(order.get().step());
            }
            return served.size();
          } finally {
            bench.leave();
          }
        });
  }

  private static Bench.Order order(long step) {
    return new Bench.Order(step, WEIGHTS);
  }

  private static BlockGradient block(int place, double loss) {
    return new BlockGradient(
        List.of(), new BlockReport("driver", new double[] {loss}, place, 0, 0));
  }
}
