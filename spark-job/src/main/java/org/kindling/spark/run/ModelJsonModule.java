package org.kindling.spark.run;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.function.Function;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelType;

/**
 * Model settings in JSON use the names of the settings files: {@code "activation": "gelu-tanh"}.
 */
final class ModelJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  ModelJsonModule() {
    addEnum(ModelType.class, ModelType::settingName, ModelType::fromName);
    addEnum(Activation.class, Activation::settingName, Activation::fromName);
    addEnum(InitialScheme.class, InitialScheme::settingName, InitialScheme::fromName);
  }

  private <E extends Enum<E>> void addEnum(
      Class<E> type, Function<E, String> name, Function<String, E> parse) {
    addSerializer(
        new StdSerializer<E>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public void serialize(E value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(name.apply(value));
          }
        });
    addDeserializer(
        type,
        new StdDeserializer<E>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public E deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parse.apply(in.getValueAsString(""));
          }
        });
  }
}
