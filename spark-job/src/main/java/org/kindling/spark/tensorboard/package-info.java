/**
 * Event files, as TensorBoard reads them: curves, histograms and texts of a run.
 *
 * <p>{@link org.kindling.spark.tensorboard.EventLog} is the way in. It knows runs, and neither
 * training nor the command line. Few fields of few messages are needed, so they are written here
 * with protobuf's own output stream, and no generated classes come into the job's jar.
 */
package org.kindling.spark.tensorboard;
