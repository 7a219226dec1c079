package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A thin layer over oneDNN's C interface: an engine and a stream, memory objects over ND4J arrays,
 * and primitives bound to them.
 *
 * <ol>
 *   <li>{@link #memory} describes an array (shape and strides) and points at its memory, once.
 *   <li>{@link #bind} makes a primitive and keeps its arguments in one native array.
 *   <li>{@link Kernel#run} is then a single native call.
 *   <li>{@link #close} destroys everything in reverse order.
 * </ol>
 *
 * <p>Scratch memory is ours, one block for all primitives: oneDNN's own is tied to the thread that
 * made a primitive, and Spark runs a replica on whatever thread is free.
 */
final class OneDnn implements AutoCloseable {
  private static final long LINE = 64;
  private static final long BLOCK = 32 << 20;

  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();
  private final List<Runnable> destructors = new ArrayList<>();
  private final List<dnnl_memory> scratchUsers = new ArrayList<>();

  /**
   * What primitives point into; a native address alone would not keep it from the garbage
   * collector.
   */
  private final List<Object> retained = new ArrayList<>();

  private BytePointer scratch = new BytePointer(0L);

  /** What is left of the last block of {@link #allocate}. */
  private BytePointer next;

  private long free;
  private boolean closed;

  OneDnn() {
    check(dnnl_engine_create(engine, dnnl_cpu, 0));
    check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags));
  }

  /** A memory object and its description. */
  record Memory(dnnl_memory_desc description, dnnl_memory handle) {}

  /** An argument of a primitive: oneDNN's number for its role, and the memory. */
  record Argument(int role, Memory memory) {}

  static Argument arg(int role, Memory memory) {
    return new Argument(role, memory);
  }

  /** The second operand of post-operation {@code index}. */
  static Argument postArg(int index, Memory memory) {
    return new Argument(
        (DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (index + 1)) | DNNL_ARG_SRC_1, memory);
  }

  dnnl_engine engine() {
    return engine;
  }

  /** The array's own shape and strides, 32-bit floats. */
  Memory memory(INDArray array) {
    return memory(array, array.shape(), array.stride());
  }

  /** The array's memory seen with another shape and other strides (in values). */
  Memory memory(INDArray array, long[] shape, long[] stride) {
    retain(array);
    return memory(array.data().addressPointer(), dnnl_f32, shape, stride);
  }

  Memory memory(Pointer pointer, int type, long[] shape, long[] stride) {
    long[] strides = stride.clone();
    for (int d = shape.length - 1; d >= 0; d--) {
      // ND4J leaves the stride of a dimension of size 1 arbitrary, even 0. oneDNN wants it to span
      // all that is inside: with a batch of one and less than that, a product of heads comes out
      // wrong.
      if (shape[d] == 1) {
        strides[d] = 1;
        for (int inner = d + 1; inner < shape.length; inner++) {
          strides[d] = Math.max(strides[d], shape[inner] * strides[inner]);
        }
      }
    }
    dnnl_memory_desc description = new dnnl_memory_desc();
    check(dnnl_memory_desc_create_with_strides(description, shape.length, shape, type, strides));
    destructors.add(() -> dnnl_memory_desc_destroy(description));
    dnnl_memory handle = new dnnl_memory();
    check(dnnl_memory_create(handle, description, engine, pointer));
    destructors.add(() -> dnnl_memory_destroy(handle));
    return new Memory(description, handle);
  }

  /** Memory laid out as described; {@code description} must outlive it. */
  Memory memory(dnnl_memory_desc description, Pointer pointer) {
    dnnl_memory handle = new dnnl_memory();
    check(dnnl_memory_create(handle, description, engine, pointer));
    destructors.add(() -> dnnl_memory_destroy(handle));
    return new Memory(description, handle);
  }

  /**
   * Memory of our own, from a cache line's start on, freed at the end. It is cut from large blocks,
   * which take no memory where nobody writes, so that huge pages can lie under many weights.
   */
  Pointer allocate(long bytes) {
    long rounded = (bytes + LINE - 1) / LINE * LINE;
    if (rounded > free) {
      free = Math.max(rounded, BLOCK);
      Pointer malloc = Pointer.malloc(free + LINE);
      if (malloc == null) {
        throw new OutOfMemoryError("no %d bytes outside the Java heap".formatted(free));
      }
      destructors.add(() -> Pointer.free(malloc));
      next = new BytePointer(malloc).getPointer(-malloc.address() & (LINE - 1));
    }
    BytePointer start = next;
    next = start.getPointer(rounded);
    free -= rounded;
    return start;
  }

  /** A description of 32-bit floats by one of oneDNN's names for layouts. */
  dnnl_memory_desc describe(long[] shape, int tag) {
    dnnl_memory_desc description = new dnnl_memory_desc();
    check(dnnl_memory_desc_create_with_tag(description, shape.length, shape, dnnl_f32, tag));
    destructors.add(() -> dnnl_memory_desc_destroy(description));
    return description;
  }

  /** A description of the product {@code c = post(a b + bias)}; bias may be null. */
  dnnl_primitive_desc matmul(
      dnnl_memory_desc a,
      dnnl_memory_desc b,
      Memory bias,
      dnnl_memory_desc c,
      dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_matmul_primitive_desc_create(
            description, engine, a, b, bias == null ? null : bias.description(), c, attributes));
    return description;
  }

  /** Takes over a description that is not bound. */
  void destroyLater(dnnl_primitive_desc description) {
    destructors.add(() -> dnnl_primitive_desc_destroy(description));
  }

  /** oneDNN's name for the code that a primitive of that description runs. */
  static String implementation(dnnl_primitive_desc description) {
    try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
      check(dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, name));
      return name.get(BytePointer.class, 0).getString();
    }
  }

  /** A copy of a description that somebody else owns. */
  dnnl_memory_desc copy(dnnl_memory_desc description) {
    dnnl_memory_desc copy = new dnnl_memory_desc();
    check(dnnl_memory_desc_clone(copy, description));
    destructors.add(() -> dnnl_memory_desc_destroy(copy));
    return copy;
  }

  void retain(Object owner) {
    retained.add(owner);
  }

  /** Attributes with scratch memory in our hands and the given post-operations (null for none). */
  dnnl_primitive_attr attributes(dnnl_post_ops postOps) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    check(dnnl_primitive_attr_create(attributes));
    destructors.add(() -> dnnl_primitive_attr_destroy(attributes));
    check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
    if (postOps != null) {
      check(dnnl_primitive_attr_set_post_ops(attributes, postOps));
    }
    return attributes;
  }

  dnnl_post_ops postOps() {
    dnnl_post_ops postOps = new dnnl_post_ops();
    check(dnnl_post_ops_create(postOps));
    destructors.add(() -> dnnl_post_ops_destroy(postOps));
    return postOps;
  }

  /** A primitive of that description with its arguments, ready to run. */
  Kernel bind(dnnl_primitive_desc description, List<Argument> arguments) {
    destructors.add(() -> dnnl_primitive_desc_destroy(description));
    dnnl_primitive primitive = new dnnl_primitive();
    check(dnnl_primitive_create(primitive, description));
    destructors.add(() -> dnnl_primitive_destroy(primitive));
    List<Argument> all = new ArrayList<>(arguments);
    dnnl_memory_desc scratchDescription =
        new dnnl_memory_desc(
            dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
    long scratchBytes = dnnl_memory_desc_get_size(scratchDescription);
    if (scratchBytes > 0) {
      all.add(arg(DNNL_ARG_SCRATCHPAD, scratchMemory(scratchDescription, scratchBytes)));
    }
    int count = all.size();
    dnnl_exec_arg_t list = new dnnl_exec_arg_t(count);
    for (int i = 0; i < count; i++) {
      list.position(i).arg(all.get(i).role()).memory(all.get(i).memory().handle());
    }
    list.position(0);
    destructors.add(list::close);
    return () -> check(dnnl_primitive_execute(primitive, stream, count, list));
  }

  private Memory scratchMemory(dnnl_memory_desc description, long bytes) {
    if (bytes > scratch.capacity()) {
      scratch.close();
      scratch = new BytePointer(bytes);
      scratchUsers.forEach(user -> check(dnnl_memory_set_data_handle(user, scratch)));
    }
    dnnl_memory handle = new dnnl_memory();
    check(dnnl_memory_create(handle, description, engine, scratch));
    destructors.add(() -> dnnl_memory_destroy(handle));
    scratchUsers.add(handle);
    return new Memory(description, handle);
  }

  static void check(int status) {
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN answered with status " + status);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return; // destroying twice would take the JVM down
    }
    closed = true;
    for (int i = destructors.size() - 1; i >= 0; i--) {
      destructors.get(i).run();
    }
    destructors.clear();
    retained.clear();
    scratch.close();
    dnnl_stream_destroy(stream);
    dnnl_engine_destroy(engine);
  }
}
