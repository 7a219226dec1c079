package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.kindling.model.kernels.OneDnn.check;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.javacpp.BytePointer;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Points a memory object at other places of its array's memory, 0.03 us a move. */
final class OneDnnMover {
  private final dnnl_memory handle;

  /** Counts in bytes: what native calls add to an address is its position as it stands. */
  private final BytePointer pointer;

  private long place;

  OneDnnMover(Memory memory, INDArray array) {
    this.handle = memory.handle();
    this.pointer = new BytePointer(array.data().addressPointer());
  }

  /** To that many values behind the array's start. */
  void move(long values) {
    if (values != place) {
      check(dnnl_memory_set_data_handle(handle, pointer.position(values * Float.BYTES)));
      place = values;
    }
  }
}
