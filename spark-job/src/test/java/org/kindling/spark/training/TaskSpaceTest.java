package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.spark.training.TaskSpace.ShelfKey;

class TaskSpaceTest {
  private static final ModelSettings MODEL =
      new ModelSettings(ModelType.BIGRAM, 1, 1, 4, 8, 5, 0, false, false, true, Activation.GELU);

  private final TaskSpace space = TaskSpace.ofThisJvm();

  @BeforeEach
  @AfterEach
  void clear() {
    space.clear();
  }

  @Test
  void aBorrowedReplicaIsNobodyElsesUntilItIsGivenBack() {
    TaskSpace.Shape shape = new TaskSpace.Shape(MODEL, 2, KernelChoice.ND4J);
    Replica first = space.borrowReplica(shape);
    Replica second = space.borrowReplica(shape);
    assertThat(second).isNotSameAs(first);

    space.giveBack(shape, first);

    TaskSpace.Shape larger = new TaskSpace.Shape(MODEL, 4, KernelChoice.ND4J);
    Replica other = space.borrowReplica(larger);
    assertThat(other).isNotSameAs(first);
    assertThat(other.sequences()).isEqualTo(4);
    assertThat(space.borrowReplica(shape)).isSameAs(first);
    assertThat(space.borrowReplica(shape)).isNotIn(first, second);
    space.giveBack(shape, first);
    space.giveBack(shape, second);
    space.giveBack(larger, other);
  }

  @Test
  void aBorrowedVectorIsNobodyElsesUntilItIsGivenBack() {
    float[] first = space.borrowVector(3);
    assertThat(space.borrowVector(3)).isNotSameAs(first);

    space.giveBack(first);

    assertThat(space.borrowVector(4)).hasSize(4);
    assertThat(space.borrowVector(3)).isSameAs(first);
    assertThat(space.borrowVector(3)).isNotSameAs(first);
  }

  /** An attempt that Spark has given up still runs, and finishes late. */
  @Test
  void whatAnAbandonedAttemptLeavesDisturbsNoOther() {
    float[] good = {1};
    float[] weights = {7};
    space.put(new ShelfKey(1, -1), weights);
    space.put(new ShelfKey(1, 10), new float[] {666});
    space.put(new ShelfKey(1, 11), good);
    assertThat(space.take(new ShelfKey(1, 11))).isSameAs(good);
    assertThat(space.take(new ShelfKey(1, 11))).as("taken once only").isNull();

    space.put(new ShelfKey(2, -1), weights);
    space.clearShelf(1);
    space.put(new ShelfKey(1, 12), new float[] {666});

    assertThat(space.look(new ShelfKey(1, -1))).isNull();
    assertThat(space.look(new ShelfKey(1, 10))).isNull();
    assertThat(space.look(new ShelfKey(2, -1))).isSameAs(weights);
    assertThat(space.look(new ShelfKey(2, 12))).isNull();
  }

  @Test
  void clearingDropsEverything() {
    float[] vector = space.borrowVector(3);
    space.giveBack(vector);
    space.put(new ShelfKey(3, -1), vector);

    space.clear();

    assertThat(space.borrowVector(3)).isNotSameAs(vector);
    assertThat(space.look(new ShelfKey(3, -1))).isNull();
  }
}
