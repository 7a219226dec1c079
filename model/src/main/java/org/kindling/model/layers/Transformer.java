package org.kindling.model.layers;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.ModelSettings;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Product;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * GPT: token and position embeddings, L blocks, a final layer norm, and a head that is the token
 * embedding's matrix again or one of its own (Radford et al., "Language Models are Unsupervised
 * Multitask Learners", 2019).
 */
final class Transformer implements Network {
  private final INDArray logits;
  private final Kernel embed;
  private final Kernel embedBackward;
  private final Dropout dropout;
  private final Kernel drop;
  private final Kernel dropBackward;
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm finalNorm; // null without layer norms
  private final Kernel head;
  private final List<Kernel> headBackward = new ArrayList<>();

  Transformer(Build build, int[] ids) {
    Kernels kernels = build.kernels();
    Parameters parameters = build.parameters();
    ModelSettings settings = build.settings();
    Arena arena = build.arena();
    int n = build.rows();
    int c = settings.embedding();
    Block.Scratch scratch = Block.Scratch.of(build);
    INDArray d = scratch.d();

    INDArray x = arena.array(n, c);
    embed =
        kernels.embedding(
            ids,
            parameters.weight("wte.weight"),
            firstRows(parameters.weight("wpe.weight"), build),
            x);
    embedBackward =
        kernels.embeddingBackward(
            ids,
            d,
            parameters.gradient("wte.weight"),
            firstRows(parameters.gradient("wpe.weight"), build));
    dropout = Dropout.of(build, build.length() * c);
    drop = dropout == null ? () -> {} : kernels.dropout(x, dropout.mask(), x);
    dropBackward = dropout == null ? () -> {} : kernels.dropout(d, dropout.mask(), d);

    INDArray stream = x;
    for (int l = 0; l < settings.layers(); l++) {
      Block block = new Block(build, l, stream, scratch);
      blocks.add(block);
      stream = block.output(); // (N, C)
    }
    boolean hasNorm = settings.layerNorm();
    INDArray normed = hasNorm ? arena.array(n, c) : stream;
    INDArray dNormed = hasNorm ? scratch.branch() : d;
    finalNorm = hasNorm ? new LayerNorm(build, "ln_f", stream, normed, dNormed, d) : null;

    String name = settings.tiedHead() ? "wte" : "lm_head";
    INDArray weight = parameters.weight(name + ".weight"); // (V, C)
    logits = arena.array(n, settings.vocabulary());
    Product product = Product.of(normed, weight.transpose(), logits); // (N, V)
    if (parameters.layout().has(name + ".bias")) {
      product = product.withBias(parameters.weight(name + ".bias"));
      headBackward.add(kernels.addRowSums(logits, parameters.gradient(name + ".bias")));
    }
    head = kernels.product(product);
    headBackward.add(
        kernels.product(
            Product.of(logits.transpose(), normed, parameters.gradient(name + ".weight"))
                .accumulated())); // (V, C)
    headBackward.add(kernels.product(Product.of(logits, weight, dNormed))); // (N, C)
  }

  /** Positions beyond the sequences' length have no part in a pass. */
  private static INDArray firstRows(INDArray positions, Build build) {
    return positions.get(NDArrayIndex.interval(0, build.length()), NDArrayIndex.all());
  }

  @Override
  public INDArray logits() {
    return logits;
  }

  @Override
  public void forward(boolean training) {
    embed.run();
    if (training && dropout != null) {
      dropout.draw();
      drop.run();
    }
    for (Block block : blocks) {
      block.forward(training);
    }
    if (finalNorm != null) {
      finalNorm.forward(training);
    }
    head.run();
  }

  @Override
  public void backward() {
    headBackward.forEach(Kernel::run);
    if (finalNorm != null) {
      finalNorm.backward();
    }
    for (int l = blocks.size() - 1; l >= 0; l--) {
      blocks.get(l).backward();
    }
    dropBackward.run();
    embedBackward.run();
  }

  @Override
  public void attention(int layer, float[][][][] into) {
    blocks.get(layer).attention().probabilities(into);
  }
}
