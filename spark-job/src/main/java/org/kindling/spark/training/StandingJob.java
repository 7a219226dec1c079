package org.kindling.spark.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.session.JobDescription;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One Spark job for all steps up to the next evaluation, in local mode: its tasks keep their
 * shards, and meet the driver at a {@link Rendezvous} in each step. Weights and gradients change
 * hands there as they are.
 *
 * <p>If the tasks cannot all run at once, they leave after the step, and the next step is a new
 * job. If one fails, Spark's retry finds at the rendezvous what is still to be done.
 */
final class StandingJob implements GradientJob {
  /**
   * Spark starts a job's tasks within a millisecond or two of each other, on a busy machine more.
   */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final JavaSparkContext spark;
  private final StepPlan plan;
  private final JavaRDD<Shard> shards;
  private final WireWeights wireWeights;

  /** Null while no job runs. */
  private Running running;

  private record Running(Rendezvous rendezvous, Local<Rendezvous> reference, Thread job) {}

  StandingJob(JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards) {
    this.spark = spark;
    this.plan = plan;
    this.shards = shards;
    this.wireWeights = new WireWeights(plan.wire());
  }

  @Override
  public Result run(float[] weights, long step, long last) {
    long start = System.nanoTime();
    Rendezvous.Order order = new Rendezvous.Order(step, wireWeights.of(weights));
    if (running == null || !running.rendezvous.post(order)) {
      disband();
      running = start(order, last);
    }
    GradientSum sum =
        GradientSum.of(running.rendezvous.delivered(), plan.wire(), this::release, true);
    Result result = Result.of(sum, start, 0, 0);
    if (step == last) {
      disband();
    }
    return result;
  }

  private Running start(Rendezvous.Order first, long last) {
    Rendezvous rendezvous = new Rendezvous(shards.getNumPartitions(), first, PATIENCE);
    Local<Rendezvous> reference = Local.of(rendezvous);
    StandingTask task = new StandingTask(plan, reference);
    String description = "steps %d to %d: gradients".formatted(first.step() + 1, last + 1);
    Thread job =
        new Thread(
            () -> {
              try {
                JobDescription.describe(
                    spark, description, () -> task.runOn(shards, Integer.class));
              } catch (Throwable e) { // for the driver's thread, which rethrows it
                rendezvous.fail(e);
              }
            },
            "standing-job");
    job.setDaemon(true);
    job.start();
    return new Running(rendezvous, reference, job);
  }

  @Override
  public void close() {
    disband();
    TaskSpace.ofThisJvm().clear(); // of the tasks, too, which are gone
  }

  /** Sends the tasks home and waits until Spark has seen them leave; their replicas stay. */
  private void disband() {
    if (running == null) {
      return;
    }
    running.rendezvous.disband();
    boolean interrupted = false;
    while (running.job.isAlive()) {
      try {
        running.job.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    running.reference.close();
    running = null;
  }

  /** Serves the rendezvous until it is disbanded. */
  private static final class StandingTask extends PartitionTask<Shard, Integer> {
    private static final long serialVersionUID = 1;

    private final StepPlan plan;
    private final Local<Rendezvous> reference;

    StandingTask(StepPlan plan, Local<Rendezvous> reference) {
      this.plan = plan;
      this.reference = reference;
    }

    /** Returns how many steps it served. */
    @Override
    public Integer apply(TaskContext context, Iterator<Shard> shards) {
      List<Shard> own = new ArrayList<>();
      CollectionConverters.asJava(shards).forEachRemaining(own::add);
      ShardGradients gradients = new ShardGradients(plan);
      Rendezvous rendezvous = reference.get();
      int place = context.partitionId();
      int served = 0;
      rendezvous.arrive();
      try {
        for (Optional<Rendezvous.Order> order =
                rendezvous.next(place, context::killTaskIfInterrupted);
            order.isPresent();
            order = rendezvous.next(place, context::killTaskIfInterrupted)) {
          Rendezvous.Order work = order.get();
          rendezvous.deliver(
              place, work, gradients.of(own, work.step(), replica -> replica.load(work.weights())));
          served++;
        }
        return served;
      } finally {
        rendezvous.leave();
      }
    }
  }
}
