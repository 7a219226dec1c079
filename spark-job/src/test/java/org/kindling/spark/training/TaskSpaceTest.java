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
    TaskSpace.Shape shape = new TaskSpace.Shape(MODEL, 2, KernelChoice.ND4J, false);
    Replica first = space.borrowReplica(shape);
    Replica second = space.borrowReplica(shape);
    assertThat(second).isNotSameAs(first);

    space.giveBack(shape, first);

    assertThat(space.borrowReplica(shape)).isSameAs(first);
    assertThat(space.borrowReplica(shape)).isNotIn(first, second);
  }

  /** The rungs of a ladder are runs of different models on the same executors. */
  @Test
  void anotherRunsReplicasAndVectorsAreLetGo() {
    TaskSpace.Shape shape = new TaskSpace.Shape(MODEL, 2, KernelChoice.ND4J, false);
    Replica first = space.borrowReplica(shape);
    float[] vector = space.borrowVector(3);
    space.giveBack(shape, first);
    space.giveBack(vector);

    Replica other = space.borrowReplica(new TaskSpace.Shape(MODEL, 4, KernelChoice.ND4J, false));

    assertThat(other.sequences()).isEqualTo(4);
    assertThat(space.borrowReplica(shape)).isNotSameAs(first);
    assertThat(space.borrowVector(3)).isNotSameAs(vector);
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

  @Test
  void clearingDropsEverything() {
    float[] vector = space.borrowVector(3);
    space.giveBack(vector);

    space.clear();

    assertThat(space.borrowVector(3)).isNotSameAs(vector);
  }
}
