package org.kindling.spark.generation;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The model on its way to executors: bytes, which whatever serializer a program has given Spark can
 * take. Kryo can make no records, and would leave out what a tokenizer builds again.
 *
 * <p>Broadcast, it is one object in each JVM, whose tasks share the model that the first of them
 * makes of the bytes.
 */
final class PublishedModel implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.AnyRef();

  private final byte[] bytes;
  private transient SharedModel model;

  private PublishedModel(byte[] bytes, SharedModel model) {
    this.bytes = bytes;
    this.model = model;
  }

  static PublishedModel of(SharedModel model) {
    ByteBuffer buffer = serializer().serialize(model, ANY);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return new PublishedModel(bytes, model);
  }

  synchronized SharedModel get() {
    if (model == null) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      model = (SharedModel) serializer().<Object>deserialize(ByteBuffer.wrap(bytes), loader, ANY);
    }
    return model;
  }

  /** The one for code, which is Java's whatever data have. */
  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }
}
