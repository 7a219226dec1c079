/**
 * The pages that are left for people, each one file of HTML that needs no network.
 *
 * <p>{@link org.kindling.spark.report.RunReport} makes a run's: curves, numbers, settings and
 * samples. {@link org.kindling.spark.report.LadderPage} sets the lecture's models in a row. {@link
 * org.kindling.spark.report.AttentionPage} lays open what a model looks at in a prompt, and is the
 * only one with a script. All make text out of values and open no file; the command line alone
 * calls them. The charts are SVG written here, since a plotting library would need a JVM with
 * fonts, which servers often lack.
 */
package org.kindling.spark.report;
