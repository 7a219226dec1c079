package org.kindling.spark.tensorboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordsTest {
  /** The first twelve bytes of most event files there are: a length of 24 and its checksum. */
  @Test
  void aLengthHasTheChecksumThatTensorFlowGivesIt() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Records.write(out, new byte[24]);

    assertThat(HexFormat.of().formatHex(out.toByteArray())).startsWith("1800000000000000a37f4b22");
    assertThat(out.size()).isEqualTo(8 + 4 + 24 + 4);
  }

  /** The check value of CRC-32C is e3069283. */
  @Test
  void checksumsAreMasked() {
    int crc = 0xe3069283;
    assertThat(Records.maskedCrc("123456789".getBytes(US_ASCII)))
        .isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
  }
}
