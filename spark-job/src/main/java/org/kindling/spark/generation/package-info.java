/**
 * Completions for one prompt, by {@link org.kindling.spark.generation.TextGeneration} in this
 * process, and for tables of prompts. For those {@link
 * org.kindling.spark.generation.BatchGenerator} is the way in for programs, {@link
 * org.kindling.spark.generation.TableJob} for files; both end in {@link
 * org.kindling.spark.generation.RowGeneration}, which takes a task's rows through a decoder's
 * slots. Finds and reads files as a corpus does. Knows runs, models, tokenizers, settings and
 * corpus, and nothing of training. The command line and programs call it.
 */
package org.kindling.spark.generation;
