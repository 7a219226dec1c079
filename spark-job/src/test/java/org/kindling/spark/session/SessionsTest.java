package org.kindling.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SessionsTest {
  @Test
  void theMasterSaysHowManyCoresLocalModeHas() {
    assertThat(Sessions.localCores("local")).hasValue(1);
    assertThat(Sessions.localCores("local[3]")).hasValue(3);
    assertThat(Sessions.localCores("local[4, 2]")).hasValue(4);
    assertThat(Sessions.localCores("local[*]"))
        .hasValue(Runtime.getRuntime().availableProcessors());
    assertThat(Sessions.localCores("local-cluster[2,1,1024]")).isEqualTo(OptionalInt.empty());
    assertThat(Sessions.localCores("spark://host:7077")).isEqualTo(OptionalInt.empty());
    assertThat(Sessions.localCores("local[x]")).isEqualTo(OptionalInt.empty());
  }
}
