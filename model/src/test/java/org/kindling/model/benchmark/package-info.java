/**
 * Benchmarks of the replica: programs to run, not tests. {@code scripts/benchmark replica} runs
 * them.
 */
package org.kindling.model.benchmark;
