package org.kindling.spark.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The framing of TensorFlow's record files. All numbers are little-endian:
 *
 * <pre>
 * length of the data    8 bytes
 * checksum of these     4
 * data
 * checksum of the data  4
 * </pre>
 */
final class Records {
  private Records() {}

  static void write(OutputStream out, byte[] data) throws IOException {
    byte[] length = little(Long.BYTES).putLong(data.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(data);
    out.write(checksum(data));
  }

  /**
   * CRC-32C, rotated right by 15 bits and moved on by a constant: a record that itself holds
   * checksums would otherwise have a weak one.
   */
  static int maskedCrc(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static byte[] checksum(byte[] data) {
    return little(Integer.BYTES).putInt(maskedCrc(data)).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
