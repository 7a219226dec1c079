/**
 * Benchmarks of the replica, which {@code scripts/benchmark} runs, and the tests of their parts.
 */
package org.kindling.model.benchmark;
