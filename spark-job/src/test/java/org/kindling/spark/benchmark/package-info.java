/** Programs that measure Spark jobs; {@code scripts/benchmark} runs them. No tests. */
package org.kindling.spark.benchmark;
