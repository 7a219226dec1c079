package org.kindling.spark.run;

import java.util.List;

/**
 * The checkpoint that a run continues from.
 *
 * @param skipped why newer checkpoints were not taken, a sentence each, the newest first; usually
 *     empty
 */
public record Restored(Checkpoint checkpoint, List<String> skipped) {}
