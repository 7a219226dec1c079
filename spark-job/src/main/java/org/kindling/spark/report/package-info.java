/**
 * The page that a run leaves behind for people: curves, numbers, settings and samples in one HTML
 * file that needs no network and no script.
 *
 * <p>{@link org.kindling.spark.report.RunReport} is the way in. It makes text out of metrics and
 * opens no file; training and the command line may call it. The charts are SVG written here, since
 * a plotting library would need a JVM with fonts, which servers often lack.
 */
package org.kindling.spark.report;
