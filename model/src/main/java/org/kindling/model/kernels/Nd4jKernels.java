package org.kindling.model.kernels;

import java.util.List;
import org.kindling.model.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The portable kernels: ND4J alone, in 32 or 64 bits. Written for the reader, formula by formula;
 * the oracle that the fast kernels are tested against, and what serves where oneDNN has no build.
 *
 * <p>Intermediate arrays live in a workspace, one block of memory that every kernel uses anew, so
 * steps leave no garbage.
 */
public final class Nd4jKernels implements Kernels {
  private static final WorkspaceConfiguration WORKSPACE =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .policyLearning(LearningPolicy.OVER_TIME)
          .cyclesBeforeInitialization(2)
          .policyAllocation(AllocationPolicy.STRICT)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  private final DataType type;

  /** Kernels of that type, FLOAT or DOUBLE. */
  public Nd4jKernels(DataType type) {
    this.type = type;
    SingleThread.enforceInBlas();
  }

  @Override
  public String describe() {
    return "ND4J " + type.toString().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public DataType type() {
    return type;
  }

  /** Runs the formula with its intermediate arrays in the workspace. */
  private static Kernel inWorkspace(Runnable formula) {
    return () -> {
      try (MemoryWorkspace workspace =
          Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "kindling")) {
        formula.run();
      }
    };
  }

  @Override
  public Kernel product(Product p) {
    List<Product> matrices = p.isBatched() ? p.matrices() : List.of(p);
    return inWorkspace(() -> matrices.forEach(Nd4jKernels::multiply));
  }

  @Override
  public MovingProduct movingProduct(Product p) {
    return (a, b, c) -> {
      Product moved =
          new Product(
              moved(p.a(), a),
              moved(p.b(), b),
              moved(p.c(), c),
              p.scale(),
              p.bias(),
              null,
              p.add(),
              p.accumulate(),
              p.zeros());
      product(moved).run();
    };
  }

  /** The same shape and strides, that many values further on. */
  private static INDArray moved(INDArray x, long values) {
    return values == 0 ? x : Nd4j.create(x.data(), x.shape(), x.stride(), x.offset() + values, 'c');
  }

  @Override
  public FixedMatrix fixed(INDArray weight) {
    return new PlainMatrix(weight.dup());
  }

  @Override
  public Kernel fixedProduct(FixedProduct p) {
    INDArray weight = ((PlainMatrix) p.weight()).weight().transpose();
    return inWorkspace(
        () -> {
          INDArray result = p.x().mmul(weight);
          if (p.bias() != null) {
            result.addiRowVector(p.bias());
          }
          if (p.activation() != null) {
            activation(p.activation(), result, result).run();
          }
          if (p.accumulate()) {
            p.y().addi(result);
          } else {
            p.y().assign(result);
          }
        });
  }

  private static void multiply(Product p) {
    INDArray result = p.a().mmul(p.b());
    if (p.bias() != null) {
      result.addiRowVector(p.bias());
    }
    result.muli(p.scale());
    if (p.dropout() != null) {
      result.muli(((FactorDropoutMask) p.dropout()).factors().reshape(result.shape()));
    }
    if (p.add() != null) {
      result.addi(p.add());
    }
    if (p.accumulate()) {
      p.c().addi(result);
    } else {
      p.c().assign(result);
    }
  }

  @Override
  public Kernel addRowSums(INDArray x, INDArray sum) {
    return inWorkspace(() -> sum.addi(x.sum(true, 0)));
  }

  @Override
  public Kernel add(INDArray x, INDArray into) {
    return () -> into.addi(x);
  }

  @Override
  public Kernel copy(INDArray x, INDArray into) {
    return () -> into.assign(x);
  }

  @Override
  public Kernel layerNorm(LayerNormArrays arrays, INDArray y) {
    return inWorkspace(
        () -> {
          INDArray x = arrays.x();
          arrays.mean().assign(x.mean(true, 1));
          INDArray centred = x.subColumnVector(arrays.mean());
          arrays.variance().assign(centred.mul(centred).mean(true, 1));
          INDArray inverse = inverseDeviation(arrays.variance());
          y.assign(centred.muliColumnVector(inverse).muliRowVector(arrays.gain()));
          if (arrays.bias() != null) {
            y.addiRowVector(arrays.bias());
          }
        });
  }

  /** 1 / sqrt(variance + epsilon), (N, 1). */
  private static INDArray inverseDeviation(INDArray variance) {
    return Transforms.sqrt(variance.add(EPSILON), false).rdivi(1);
  }

  @Override
  public Kernel layerNormBackward(
      LayerNormArrays arrays, INDArray dy, INDArray dx, INDArray dGain, INDArray dBias) {
    return inWorkspace(
        () -> {
          INDArray inverse = inverseDeviation(arrays.variance());
          INDArray normalized = arrays.x().subColumnVector(arrays.mean()).muliColumnVector(inverse);
          dGain.addi(dy.mul(normalized).sum(true, 0));
          if (dBias != null) {
            dBias.addi(dy.sum(true, 0));
          }
          // dx = (g - mean(g) - n mean(g n)) / deviation, with g = dy gain and n the normalized x
          INDArray g = dy.mulRowVector(arrays.gain());
          INDArray along = g.mul(normalized).mean(true, 1);
          INDArray result = g.subColumnVector(g.mean(true, 1));
          result.subi(normalized.muliColumnVector(along));
          dx.assign(result.muliColumnVector(inverse));
        });
  }

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  @Override
  public Kernel activation(Activation activation, INDArray x, INDArray y) {
    return inWorkspace(
        () ->
            y.assign(
                switch (activation) {
                  case RELU -> Transforms.relu(x, true);
                  case GELU -> x.mul(normalDistribution(x));
                  case GELU_TANH -> x.mul(tanhTerm(x).addi(1).muli(0.5));
                }));
  }

  @Override
  public Kernel activationBackward(Activation activation, INDArray x, INDArray dy) {
    return inWorkspace(
        () ->
            dy.muli(
                switch (activation) {
                  case RELU -> x.gt(0).castTo(type);
                  case GELU -> {
                    INDArray density =
                        Transforms.exp(x.mul(x).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
                    yield normalDistribution(x).addi(density.muli(x));
                  }
                  case GELU_TANH -> {
                    INDArray tanh = tanhTerm(x);
                    INDArray inner = x.mul(x).muli(3 * CUBIC).addi(1).muli(SQRT_2_OVER_PI);
                    INDArray slope = tanh.mul(tanh).rsubi(1).muli(inner).muli(x);
                    yield tanh.addi(1).addi(slope).muli(0.5);
                  }
                }));
  }

  /** The standard normal distribution function, (1 + erf(x / sqrt 2)) / 2. */
  private static INDArray normalDistribution(INDArray x) {
    INDArray scaled = x.mul(SQRT_HALF);
    return Nd4j.exec(new Erf(scaled, scaled)).addi(1).muli(0.5);
  }

  /** tanh(sqrt(2 / pi) (x + 0.044715 x^3)). */
  private static INDArray tanhTerm(INDArray x) {
    INDArray cubed = x.mul(x).muli(x).muli(CUBIC);
    return Transforms.tanh(cubed.addi(x).muli(SQRT_2_OVER_PI), false);
  }

  /** A contiguous array of any dimensions as (rows, last dimension). */
  private static INDArray rows(INDArray x) {
    return x.reshape(x.length() / x.size(-1), x.size(-1));
  }

  @Override
  public Kernel softmax(INDArray x) {
    INDArray rows = rows(x);
    return inWorkspace(
        () -> {
          rows.subiColumnVector(rows.max(true, 1));
          Transforms.exp(rows, false);
          rows.diviColumnVector(rows.sum(true, 1));
        });
  }

  @Override
  public Kernel softmaxBackward(INDArray p, INDArray dp) {
    INDArray probabilities = rows(p);
    INDArray gradient = rows(dp);
    return inWorkspace(
        () ->
            gradient
                .subiColumnVector(gradient.mul(probabilities).sum(true, 1))
                .muli(probabilities));
  }

  @Override
  public DropoutMask mask(int sequences, int length, double probability) {
    return new FactorDropoutMask(type, sequences, length, probability);
  }

  @Override
  public Kernel dropout(INDArray x, DropoutMask mask, INDArray y) {
    INDArray factors = ((FactorDropoutMask) mask).factors();
    return inWorkspace(() -> y.assign(x.mul(factors.reshape(x.shape()))));
  }

  /** Rows keep both dimensions: of an array with a single one, ND4J would return all of it. */
  @Override
  public Kernel embedding(int[] ids, INDArray table, INDArray positions, INDArray x) {
    return inWorkspace(
        () -> {
          for (int n = 0; n < ids.length; n++) {
            INDArray row = x.getRow(n, true).assign(table.getRow(ids[n], true));
            if (positions != null) {
              row.addi(positions.getRow(n % positions.rows(), true));
            }
          }
        });
  }

  @Override
  public Kernel embeddingBackward(int[] ids, INDArray dx, INDArray dTable, INDArray dPositions) {
    return inWorkspace(
        () -> {
          for (int n = 0; n < ids.length; n++) {
            INDArray row = dx.getRow(n, true);
            dTable.getRow(ids[n], true).addi(row);
            if (dPositions != null) {
              dPositions.getRow(n % dPositions.rows(), true).addi(row);
            }
          }
        });
  }

  @Override
  public Kernel crossEntropy(INDArray logits, int[] targets, double[] losses) {
    return inWorkspace(
        () -> {
          logits.subiColumnVector(logits.max(true, 1));
          INDArray sums = Transforms.exp(logits, true).sum(true, 1);
          logits.subiColumnVector(Transforms.log(sums, false));
          for (int n = 0; n < targets.length; n++) {
            losses[n] = targets[n] == NO_TARGET ? 0 : -logits.getDouble(n, targets[n]);
          }
        });
  }

  @Override
  public Kernel crossEntropyBackward(INDArray logProbabilities, int[] targets) {
    return inWorkspace(
        () -> {
          Transforms.exp(logProbabilities, false);
          for (int n = 0; n < targets.length; n++) {
            if (targets[n] == NO_TARGET) {
              logProbabilities.getRow(n).assign(0);
            } else {
              double p = logProbabilities.getDouble(n, targets[n]);
              logProbabilities.putScalar(n, targets[n], p - 1);
            }
          }
        });
  }

  /** Nothing of its own to free: arrays belong to the replica. */
  @Override
  public void close() {}
}
