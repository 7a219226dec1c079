package org.kindling.spark.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One line of {@code metrics.jsonl}: what a logged step did. Where several steps were taken since
 * the last line, times and bytes are means over them.
 *
 * @param step optimizer steps done
 * @param trainLoss mean over the step's tokens, nats
 * @param validationLoss nats a token; null, and left out of the line, where the step was not
 *     evaluated
 * @param gradientNorm before clipping
 * @param weightsMillis publishing the weights
 * @param computeMillis the slowest task's forward and backward
 * @param reduceMillis adding gradients and bringing them to the driver
 * @param optimizerMillis on the driver
 * @param bytesSent of weights and gradients, on the wire, in a step; 0 in local mode
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metrics(
    int step,
    double trainLoss,
    Double validationLoss,
    double learningRate,
    double gradientNorm,
    double tokensPerSecond,
    double stepMillis,
    double weightsMillis,
    double computeMillis,
    double reduceMillis,
    double optimizerMillis,
    long bytesSent) {}
