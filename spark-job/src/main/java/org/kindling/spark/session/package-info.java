/**
 * Spark and Hadoop as jobs get them: {@link org.kindling.spark.session.Sessions} starts Spark and
 * counts its cores, {@link org.kindling.spark.session.GivenMemory} compares a need with the memory
 * it was given, {@link org.kindling.spark.session.HadoopConfiguration} goes along with tasks,
 * {@link org.kindling.spark.session.JobDescription} names jobs on Spark's pages, and {@link
 * org.kindling.spark.session.Versions} says what is at work. Every package that runs jobs may call
 * this one; it knows no topic.
 */
package org.kindling.spark.session;
