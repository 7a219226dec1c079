/**
 * Files on any Hadoop file system: found by {@link org.kindling.spark.files.FileSystems}, written
 * whole or not at all by {@link org.kindling.spark.files.WholeFiles}, and told apart by {@link
 * org.kindling.spark.files.Sha256}. A failure is an IOException, of which {@link
 * org.kindling.spark.files.WholeFiles#failed} makes an {@link org.kindling.spark.InputException}
 * that names the path. Every package may call this one; it knows nothing of Spark and of what the
 * files hold.
 */
package org.kindling.spark.files;
