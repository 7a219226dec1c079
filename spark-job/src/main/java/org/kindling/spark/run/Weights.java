package org.kindling.spark.run;

/**
 * A checkpoint without the optimizer's vectors: what generation and evaluation need.
 *
 * @param values (P), in the order of {@link org.kindling.model.ParameterLayout}
 * @param state the rest
 */
public record Weights(float[] values, TrainingState state) {}
