/**
 * What turns an averaged gradient into new weights, on flat vectors in Java arrays: the global
 * norm, AdamW, and learning-rate schedules. Runs on the driver, on all its cores, with results that
 * do not depend on their number. Knows no Spark.
 */
package org.kindling.model.optimizer;
