/**
 * The replica: a GPT's parameters, forward and backward pass on one thread. Settings, the layout of
 * the flat parameter vector and {@link org.kindling.model.Replica} are what the Spark jobs use;
 * layers and kernels lie in packages below. Knows no text and no Spark: ids and arrays of floats
 * come in, arrays of floats go out.
 */
package org.kindling.model;
