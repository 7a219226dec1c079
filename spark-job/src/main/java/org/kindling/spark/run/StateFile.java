package org.kindling.spark.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelException;
import org.kindling.model.ModelSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.files.Sha256;

/**
 * A checkpoint's {@code state.json}: the training state, and the digests of the files beside it.
 *
 * <p>Its last field, {@code checksum}, is the SHA-256 of the rest as compact JSON, so this file
 * notices its own damage and may still be indented for people.
 *
 * @param format 1; a later format gets a higher number
 * @param files digests by file name
 */
record StateFile(int format, TrainingState state, Map<String, FileDigest> files) {
  static final int FORMAT = 1;

  private static final String CHECKSUM = "checksum";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new ModelJsonModule())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /** The model's settings as a safetensors file's metadata: every value as text. */
  static Map<String, String> metadata(ModelSettings settings) {
    JsonNode node = JSON.valueToTree(settings);
    Map<String, String> metadata = new LinkedHashMap<>();
    node.properties().forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
    return metadata;
  }

  String toJson() {
    ObjectNode root = JSON.valueToTree(this);
    root.put(CHECKSUM, checksum(root));
    return root.toPrettyString() + "\n";
  }

  /**
   * @throws InputException that says, without the file's name, what is wrong: a {@link
   *     DamageException}, or that the format is another
   */
  static StateFile parse(String json) {
    try {
      if (!(JSON.readTree(json) instanceof ObjectNode root)) {
        throw new DamageException("is not a JSON object");
      }
      JsonNode written = root.remove(CHECKSUM);
      if (written == null || !written.asText().equals(checksum(root))) {
        throw new DamageException("does not match its checksum");
      }
      int format = root.path("format").asInt();
      if (format != FORMAT) {
        throw new InputException("has format %d, this version reads %d".formatted(format, FORMAT));
      }
      addParts(root);
      return JSON.treeToValue(root, StateFile.class);
    } catch (JacksonException e) {
      String reason =
          e.getCause() instanceof ModelException cause
              ? cause.getMessage()
              : e.getOriginalMessage();
      throw new DamageException("cannot be read: " + reason, e);
    }
  }

  /** Before there was a choice, every model had all parts; files of that time do not name them. */
  private static void addParts(ObjectNode root) {
    if (root.path("state").path("model") instanceof ObjectNode model && !model.has("residual")) {
      model
          .put("feedForward", true)
          .put("feedForwardWidth", 4)
          .put("feedForwardProjection", true)
          .put("residual", true)
          .put("layerNorm", true)
          .put("projection", true)
          .put("initialWeights", InitialScheme.GPT2.settingName());
    }
  }

  private static String checksum(ObjectNode root) {
    MessageDigest digest = Sha256.digest();
    digest.update(root.toString().getBytes(UTF_8));
    return Sha256.hex(digest);
  }
}
