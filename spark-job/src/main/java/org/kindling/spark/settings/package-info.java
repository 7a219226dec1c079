/**
 * What a user can set: its names, defaults, rules and files.
 *
 * <p>A setting is a component of a record here, its line in {@code defaults.conf}, and nothing
 * else. The command line reads settings; the jobs get the finished records and never look up a
 * name.
 */
package org.kindling.spark.settings;
