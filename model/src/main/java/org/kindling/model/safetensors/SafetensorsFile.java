package org.kindling.model.safetensors;

import java.util.Map;

/**
 * What a safetensors file holds.
 *
 * @param metadata the header's {@code __metadata__}, empty where it has none
 * @param tensors by name, in the order of their bytes
 */
public record SafetensorsFile(Map<String, String> metadata, Map<String, Tensor> tensors) {}
