/**
 * Completions for tables of prompts. {@link org.kindling.spark.generation.BatchGenerator} is the
 * way in for programs, {@link org.kindling.spark.generation.TableJob} for files; both end in {@link
 * org.kindling.spark.generation.RowGeneration}, which takes a task's rows through a decoder's
 * slots. Finds and reads files as a corpus does. Knows runs, models, tokenizers, settings and
 * corpus, and nothing of training. The command line and programs call it.
 */
package org.kindling.spark.generation;
