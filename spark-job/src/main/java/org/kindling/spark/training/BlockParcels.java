package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A {@link BlockGradient} of which the driver has the report, and its executor the gradients.
 *
 * @param gradients where they are, in order
 * @param report the rest
 */
record BlockParcels(List<Parcel> gradients, BlockReport report) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Task: leaves the gradients with the executor, and takes their arrays for the next step. */
  static BlockParcels leave(BlockGradient block, long broadcast) {
    List<Parcel> parcels = new ArrayList<>();
    for (FloatVector gradient : block.gradients()) {
      parcels.add(Parcel.leave(gradient, broadcast, parcels.size()));
      TaskSpace.ofThisJvm().giveBack(gradient.values());
    }
    return new BlockParcels(parcels, block.report());
  }

  /** Driver: fetches the gradients of all blocks at once. */
  static List<BlockGradient> fetch(List<BlockParcels> blocks) {
    List<BlockGradient> fetched = new ArrayList<>();
    List<CompletableFuture<Void>> arriving = new ArrayList<>();
    for (BlockParcels block : blocks) {
      List<FloatVector> gradients = new ArrayList<>();
      for (Parcel parcel : block.gradients) {
        float[] values = TaskSpace.ofThisJvm().borrowVector(parcel.length());
        arriving.add(parcel.fetch(values, 0));
        gradients.add(new FloatVector(values, parcel.wire()));
      }
      fetched.add(new BlockGradient(gradients, block.report));
    }
    Parcel.await(arriving);
    return fetched;
  }
}
