/**
 * Benchmarks of the tokenizers: programs to run, not tests. {@code scripts/benchmark tokenizer}
 * runs them.
 */
package org.kindling.tokenizer.benchmark;
