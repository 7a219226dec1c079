/**
 * A run's directory on any Hadoop file system: settings, tokenizer, checkpoints, metrics.
 *
 * <p>{@link org.kindling.spark.run.RunDirectory} is the way in. Only the driver writes here. Knows
 * files and formats, and nothing of how a run is trained; training, generation, report, tensorboard
 * and the command line may call it. What cannot be read or written becomes an {@link
 * org.kindling.spark.InputException} that names the path.
 */
package org.kindling.spark.run;
