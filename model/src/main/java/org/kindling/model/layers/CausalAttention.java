package org.kindling.model.layers;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Product;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multi-head scaled dot-product attention in which a token sees itself and what came before
 * (Vaswani et al., arXiv:1706.03762).
 *
 * <p>Queries, keys and values lie side by side in the rows of one (N, 3C) array. Heads are strided
 * views of it, so nothing is transposed or copied. Queries go in blocks of {@value #BLOCK}: block i
 * needs the keys up to its own last token only. With T = 256: 64 queries against 64, 128, 192 and
 * 256 keys, five eighths of a full (T, T) matrix; the longer T, the closer to a half.
 *
 * <p>Forward keeps the probabilities for backward, a (B, H, q, k) array a block.
 */
final class CausalAttention implements Layer {
  static final int BLOCK = 64;

  private final List<QueryBlock> blocks = new ArrayList<>();

  /**
   * Scratch arrays that all layers share, large enough for the widest block.
   *
   * @param dropped probabilities after dropout
   * @param gradient gradient at the probabilities
   */
  record Scratch(INDArray dropped, INDArray gradient) {
    static Scratch of(Build build) {
      long size = size(build.sequences(), build.settings().heads(), build.length());
      boolean drops = build.settings().dropout() > 0;
      return new Scratch(drops ? build.arena().array(size) : null, build.arena().array(size));
    }

    /** Values in each of them: the last block has the most, all T keys for each query. */
    static long size(int sequences, int heads, int length) {
      return (long) sequences * heads * Math.min(BLOCK, length) * length;
    }
  }

  /**
   * The arrays attention works on.
   *
   * @param qkv queries, keys, values (N, 3C)
   * @param y each head's mixture of values, side by side (N, C)
   * @param dy gradient at y (N, C)
   * @param dqkv gradient at qkv (N, 3C), overwritten
   */
  record Arrays(INDArray qkv, INDArray y, INDArray dy, INDArray dqkv) {}

  CausalAttention(Build build, Arrays arrays, Scratch scratch) {
    for (int first = 0; first < build.length(); first += BLOCK) {
      int queries = Math.min(BLOCK, build.length() - first);
      blocks.add(new QueryBlock(build, arrays, scratch, first, queries));
    }
  }

  /** Pairs of a query and a key in all blocks of T tokens: the probabilities of one head. */
  static long pairs(int length) {
    long pairs = 0;
    for (int first = 0; first < length; first += BLOCK) {
      long end = Math.min(first + BLOCK, length);
      pairs += (end - first) * end;
    }
    return pairs;
  }

  @Override
  public void forward(boolean training) {
    for (QueryBlock block : blocks) {
      block.forward(training);
    }
  }

  /** The last block sees all keys and overwrites their gradients; the others add to them. */
  @Override
  public void backward() {
    for (int i = blocks.size() - 1; i >= 0; i--) {
      blocks.get(i).backward();
    }
  }

  /**
   * How much query i of the last forward pass took from each token, before dropout; 0 for tokens
   * after it.
   *
   * @param into (B, H, T, T)
   */
  void probabilities(float[][][][] into) {
    for (QueryBlock block : blocks) {
      block.probabilities(into);
    }
  }

  /** Queries first to first + q - 1 against the k = first + q keys from 0. */
  private static final class QueryBlock {
    private final int first;
    private final INDArray p;
    private final Dropout dropout;

    /** p after dropout, or p itself. */
    private final INDArray dropped;

    private final Kernel scores;
    private final Kernel softmax;
    private final Kernel drop;
    private final Kernel mixTraining;
    private final Kernel mixInference;
    private final List<Kernel> backward;

    QueryBlock(Build build, Arrays arrays, Scratch scratch, int first, int q) {
      Kernels kernels = build.kernels();
      int heads = build.settings().heads();
      int k = first + q;
      Heads in = Heads.of(build, arrays.qkv, first, q);
      INDArray mixed = heads(build, arrays.y, 0, first, q); // (B, H, q, D)
      this.first = first;
      this.p = build.arena().array(build.sequences(), heads, q, k);
      this.scores =
          kernels.product(
              Product.of(in.queries, transposed(in.keys), p)
                  .scaled(scale(build))
                  .plus(future(build, first, q))); // (B, H, q, k)
      this.softmax = kernels.softmax(p);
      this.dropout = Dropout.of(build, heads * q * k);
      this.mixInference = kernels.product(Product.of(p, in.values, mixed)); // (B, H, q, D)
      if (dropout == null) {
        this.dropped = p;
        this.drop = () -> {};
        this.mixTraining = mixInference;
      } else {
        this.dropped = Arena.reshaped(scratch.dropped, p.shape());
        this.drop = kernels.dropout(p, dropout.mask(), dropped);
        this.mixTraining = kernels.product(Product.of(dropped, in.values, mixed));
      }
      this.backward = backward(build, arrays, scratch.gradient, q);
    }

    /** The backward pass, kernel by kernel. */
    private List<Kernel> backward(Build build, Arrays arrays, INDArray gradient, int q) {
      Kernels kernels = build.kernels();
      Heads in = Heads.of(build, arrays.qkv, first, q);
      Heads d = Heads.of(build, arrays.dqkv, first, q);
      INDArray dMixed = heads(build, arrays.dy, 0, first, q); // (B, H, q, D)
      INDArray dp = Arena.reshaped(gradient, p.shape()); // (B, H, q, k)
      boolean isLast = first + q == build.length();
      List<Kernel> steps = new ArrayList<>();
      steps.add(drop); // the forward pass of a later layer has overwritten the scratch array
      // dV += drop(P)^T dY (B, H, k, D); the last block, with all keys, comes first and sets it
      steps.add(kernels.product(sum(Product.of(transposed(dropped), dMixed, d.values), isLast)));
      // dP = dY V^T (B, H, q, k), through dropout
      steps.add(kernels.product(Product.of(dMixed, transposed(in.values), dp)));
      if (dropout != null) {
        steps.add(kernels.dropout(dp, dropout.mask(), dp));
      }
      // dS = P (dP - sum of P dP over keys), in the place of dP
      steps.add(kernels.softmaxBackward(p, dp));
      // dQ = dS K / sqrt(D) (B, H, q, D), and dK += dS^T Q / sqrt(D) (B, H, k, D)
      steps.add(kernels.product(Product.of(dp, in.keys, d.queries).scaled(scale(build))));
      steps.add(
          kernels.product(
              sum(Product.of(transposed(dp), in.queries, d.keys).scaled(scale(build)), isLast)));
      return steps;
    }

    private static double scale(Build build) {
      return 1 / Math.sqrt(build.settings().headSize());
    }

    private static Product sum(Product product, boolean isFirstToWrite) {
      return isFirstToWrite ? product : product.accumulated();
    }

    void forward(boolean training) {
      scores.run();
      softmax.run();
      if (training && dropout != null) {
        dropout.draw();
        drop.run();
      }
      (training ? mixTraining : mixInference).run();
    }

    void probabilities(float[][][][] into) {
      for (int b = 0; b < p.size(0); b++) {
        for (int h = 0; h < p.size(1); h++) {
          for (int i = 0; i < p.size(2); i++) {
            for (int j = 0; j < p.size(3); j++) {
              into[b][h][first + i][j] = p.getFloat(b, h, i, j);
            }
          }
        }
      }
    }

    void backward() {
      for (Kernel kernel : backward) {
        kernel.run();
      }
    }
  }

  /**
   * A block's part of qkv or of its gradient, as views.
   *
   * @param queries (B, H, q, D)
   * @param keys (B, H, k, D)
   * @param values (B, H, k, D)
   */
  private record Heads(INDArray queries, INDArray keys, INDArray values) {
    static Heads of(Build build, INDArray qkv, int first, int q) {
      int c = build.settings().embedding();
      return new Heads(
          heads(build, qkv, 0, first, q),
          heads(build, qkv, c, 0, first + q),
          heads(build, qkv, 2 * c, 0, first + q));
    }
  }

  /**
   * Tokens first to first + count - 1 of the columns from {@code column}, as a view (B, H, count,
   * D).
   */
  private static INDArray heads(Build build, INDArray rows, int column, int first, int count) {
    int d = build.settings().headSize();
    long width = rows.columns();
    return Nd4j.create(
        rows.data(),
        new long[] {build.sequences(), build.settings().heads(), count, d},
        new long[] {build.length() * width, d, width, 1},
        rows.offset() + first * width + column,
        'c');
  }

  /** The last two dimensions exchanged, as a view. */
  private static INDArray transposed(INDArray x) {
    return x.permute(0, 1, 3, 2);
  }

  /** (1, 1, q, k): 0 for keys that a query may see, minus infinity for those that come after it. */
  private static INDArray future(Build build, int first, int q) {
    INDArray mask = build.arena().array(1, 1, q, first + q);
    for (int i = 0; i < q; i++) {
      for (int j = first + i + 1; j < first + q; j++) {
        mask.putScalar(new int[] {0, 0, i, j}, Double.NEGATIVE_INFINITY);
      }
    }
    return mask;
  }
}
