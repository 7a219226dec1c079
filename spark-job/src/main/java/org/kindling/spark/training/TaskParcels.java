package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A {@link TaskGradient} of which the driver has the report, and its executor the gradients.
 *
 * @param gradients where they are, in order
 * @param report the rest
 */
record TaskParcels(List<Parcel> gradients, TaskReport report) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Task: leaves the gradients with the executor, and takes their arrays for the next step. */
  static TaskParcels leave(TaskGradient found, long broadcast) {
    List<Parcel> parcels = new ArrayList<>();
    for (FloatVector gradient : found.gradients()) {
      parcels.add(Parcel.leave(gradient, broadcast, parcels.size()));
      TaskSpace.ofThisJvm().giveBack(gradient.values());
    }
    return new TaskParcels(parcels, found.report());
  }

  /** Driver: begins to fetch the gradients, in other threads from the start. */
  CompletableFuture<TaskGradient> fetch() {
    return CompletableFuture.supplyAsync(this::request).thenCompose(Function.identity());
  }

  private CompletableFuture<TaskGradient> request() {
    List<FloatVector> fetched = new ArrayList<>();
    List<CompletableFuture<Void>> arriving = new ArrayList<>();
    for (Parcel parcel : gradients) {
      float[] values = TaskSpace.ofThisJvm().borrowVector(parcel.pieces().length());
      arriving.add(parcel.fetch(values, 0));
      fetched.add(new FloatVector(values, parcel.pieces().wire()));
    }
    return CompletableFuture.allOf(arriving.toArray(CompletableFuture[]::new))
        .thenApply(all -> new TaskGradient(fetched, report));
  }
}
