package org.kindling.model.layers;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.ModelSettings;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * GPT: token and position embeddings, L blocks, a final layer norm, and a head that is the token
 * embedding's matrix again or one of its own (Radford et al., "Language Models are Unsupervised
 * Multitask Learners", 2019).
 */
final class Transformer implements Network {
  private final Build build;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final INDArray logits;

  Transformer(Build build, int[] ids) {
    this.build = build;
    ModelSettings settings = build.settings();
    Block.Scratch scratch = Block.Scratch.of(build);

    INDArray stream = embedding(ids, scratch.d()); // (N, C)
    for (int l = 0; l < settings.layers(); l++) {
      Block block = new Block(build, l, stream, scratch);
      blocks.add(block);
      layers.add(block);
      stream = block.output(); // (N, C)
    }
    INDArray normed = stream;
    INDArray dNormed = scratch.d();
    if (settings.layerNorm()) {
      normed = build.arena().array(build.rows(), settings.embedding());
      dNormed = scratch.branch();
      layers.add(new LayerNorm(build, "ln_f", stream, normed, dNormed, scratch.d()));
    }
    logits = build.arena().array(build.rows(), settings.vocabulary());
    layers.add(
        new Linear(
            build,
            settings.tiedHead() ? "wte" : "lm_head",
            new Linear.Arrays(normed, logits, logits, dNormed), // the gradient takes their place
            null)); // (N, V)
  }

  /** Each id's vector plus its position's (N, C), whose gradient comes back in d; and dropout. */
  private INDArray embedding(int[] ids, INDArray d) {
    Kernels kernels = build.kernels();
    Parameters parameters = build.parameters();
    int c = build.settings().embedding();
    INDArray x = build.arena().array(build.rows(), c);
    layers.add(
        Layer.of(
            kernels.embedding(
                ids,
                parameters.weight("wte.weight"),
                firstRows(parameters.weight("wpe.weight")),
                x),
            kernels.embeddingBackward(
                ids,
                d,
                parameters.gradient("wte.weight"),
                firstRows(parameters.gradient("wpe.weight")))));
    Dropout dropout = Dropout.of(build, build.length() * c);
    if (dropout != null) {
      layers.add(dropout.layer(kernels, x, d, d));
    }
    return x;
  }

  /** Positions beyond the sequences' length have no part in a pass. */
  private INDArray firstRows(INDArray positions) {
    return positions.get(NDArrayIndex.interval(0, build.length()), NDArrayIndex.all());
  }

  @Override
  public INDArray logits() {
    return logits;
  }

  @Override
  public void forward(boolean training) {
    for (Layer layer : layers) {
      layer.forward(training);
    }
  }

  @Override
  public void backward() {
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).backward();
    }
  }

  @Override
  public void attention(int layer, float[][][][] into) {
    blocks.get(layer).attention().probabilities(into);
  }
}
