package org.kindling.model.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A mask of bytes, 1 kept and 0 dropped, outside the Java heap where oneDNN reads it. */
final class ByteDropoutMask implements DropoutMask {
  private final BytePointer bytes;
  private final ByteBuffer[] stretches;
  private final IntBuffer[] words;
  private final DropoutBits bits;
  private final int length;
  private final double probability;

  /**
   * @param memory for all of it, which stays as long as the kernels
   */
  ByteDropoutMask(Pointer memory, int sequences, int length, double probability) {
    this.bytes = new BytePointer(memory).capacity((long) sequences * length);
    this.length = length;
    this.probability = probability;
    this.bits = new DropoutBits(length, probability);
    this.stretches = new ByteBuffer[sequences];
    this.words = new IntBuffer[sequences];
    for (int s = 0; s < sequences; s++) {
      BytePointer stretch =
          new BytePointer(bytes).position((long) s * length).limit((s + 1L) * length);
      stretches[s] = stretch.asByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
      words[s] = stretches[s].asIntBuffer();
    }
  }

  /** The mask for oneDNN, in the contiguous shape of the array it applies to. */
  OneDnn.Memory memory(OneDnn dnn, long[] shape) {
    return dnn.memory(bytes, dnnl.dnnl_u8, shape, RowMajor.strides(shape));
  }

  @Override
  public double probability() {
    return probability;
  }

  @Override
  public void fill(int sequence, long key) {
    int[] packed = bits.draw(key);
    int whole = length / 4;
    words[sequence].put(0, packed, 0, whole);
    for (int i = 4 * whole; i < length; i++) {
      stretches[sequence].put(i, (byte) (packed[whole] >>> (8 * (i & 3))));
    }
  }
}
