/**
 * The safetensors file format: named float tensors behind a JSON header, as other tools write and
 * read it.
 *
 * <p>Streams in, streams out: nothing here opens a file, so any file system can hold one. Knows no
 * model; anything may call it. {@link org.kindling.model.safetensors.Safetensors} is the way in.
 */
package org.kindling.model.safetensors;
