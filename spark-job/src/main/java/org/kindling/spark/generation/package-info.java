/**
 * Completions for tables of prompts. {@link org.kindling.spark.generation.BatchGenerator} is the
 * way in for programs, {@link org.kindling.spark.generation.TableJob} for files; both end in {@link
 * org.kindling.spark.generation.RowGeneration}, which takes a task's rows through a decoder's
 * slots. Knows runs, models and tokenizers, and nothing of training.
 */
package org.kindling.spark.generation;
