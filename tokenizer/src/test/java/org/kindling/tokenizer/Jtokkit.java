package org.kindling.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;

/** jtokkit's encoders of the rank files. */
final class Jtokkit {
  static {
    // Its scanner for cl100k asserts that a text is valid, and encodes it all the same if it is
    // not.
    Jtokkit.class.getClassLoader().setPackageAssertionStatus("com.knuddels.jtokkit", false);
  }

  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private Jtokkit() {}

  /** The ids that jtokkit gives a text, without special tokens. */
  static int[] encode(RankFiles file, String text) {
    return encoding(file).encodeOrdinary(text).toArray();
  }

  private static Encoding encoding(RankFiles file) {
    return ENCODINGS.getEncoding(
        switch (file) {
          case R50K -> EncodingType.R50K_BASE;
          case P50K -> EncodingType.P50K_BASE;
          case CL100K -> EncodingType.CL100K_BASE;
          case O200K -> EncodingType.O200K_BASE;
        });
  }
}
