package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.settings.WireType;
import scala.collection.Iterator;

class PassedWeightsTest {

  /** A table of 37 x 37 values: in one piece, in fewer than tasks, in more, in unequal ones. */
  @Test
  void eachTaskPutsThePiecesTogetherWhereverItBegins() {
    float[] weights = InitialWeights.draw(ParameterLayout.of(model()), 5);
    try (JavaSparkContext spark = SmallRun.spark("local[2]")) {
      for (int piece : new int[] {1369, 2000, 685, 343, 100}) {
        FloatVector vector = new FloatVector(weights, WireType.F32);
        try (PassedWeights published = PassedWeights.publish(spark, vector, 4, piece)) {
          List<float[]> tables =
              new ReadTable(published)
                  .runOn(spark.parallelize(List.of(0, 1, 2, 3), 4), float[].class);

          assertThat(tables).hasSize(4).allSatisfy(t -> assertThat(t).containsExactly(weights));
        }
      }
    }
  }

  private static ModelSettings model() {
    return SettingsReader.read(java.util.Optional.empty(), List.of("model.type=bigram"))
        .model()
        .withVocabulary(37);
  }

  /** What a replica has after loading: its logits after each token are the table's rows. */
  private static final class ReadTable extends PartitionTask<Integer, float[]> {
    private static final long serialVersionUID = 1;

    private final PassedWeights published;

    ReadTable(PassedWeights published) {
      this.published = published;
    }

    @Override
    public float[] apply(TaskContext context, Iterator<Integer> none) {
      float[] table = new float[37 * 37];
      try (Replica replica = new Replica(model(), 1, KernelChooser.make(KernelChoice.ND4J))) {
        published.loadInto(replica);
        int[] inputs = new int[replica.length()];
        float[] row = new float[37];
        for (int token = 0; token < 37; token++) {
          inputs[0] = token;
          replica.logits(inputs, 0, row);
          System.arraycopy(row, 0, table, token * 37, 37);
        }
      }
      return table;
    }
  }
}
