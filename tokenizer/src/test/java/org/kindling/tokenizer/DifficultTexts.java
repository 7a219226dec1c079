package org.kindling.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Valid texts on which tokenizers disagree easily. Valid, since the library takes no other. */
final class DifficultTexts {
  private DifficultTexts() {}

  static List<String> all() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "a",
                "Hello, world!  How's it going?\n\nI'LL say: WE'VE don't 'tis I'\u017F you'Re",
                "  leading and trailing  ",
                "tabs\tand\t\tmore \t mixed \u00A0 \u2003 \u3000 \u0085 spaces\u200B\u2060",
                "line ends: \n \r \r\n \n\r\n\n   \n x\n\n\n",
                "\u000B\u000C\u001C\u001D\u001E\u001F\u0000\u0001\u007F\u0080",
                "1 12 123 1234 12345678901234567890 3\u00BD \u0663\u0664\u0665 \u216B \u2460\uD835\uDFD8",
                "snake_case camelCase HTTPServer \u01C5ungla \u02B0mod \u00AA\u00BA \u1E9E\u00DF",
                "path/to//file.txt?x=1&y=\"2\"/\n//\n#define A(b) {b++;}\r\n\t/* */",
                "!!!???...---===***   ###\n***\n",
                "\u00E9 e\u0301 \u1E69 s\u0323\u0307 \uAC00\u1100\u1161\u11A8 \u0928\u092E\u0938\u094D\u0924\u0947",
                "\u4F60\u597D\uFF0C\u4E16\u754C\u3002\u3053\u3093\u306B\u3061\u306F \uC548\uB155",
                "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u202Eabc\u202C",
                "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 \u2764\uFE0F \uD83C\uDDE9\uD83C\uDDEA \uD83C\uDFF4\uDB40\uDC67\uDB40\uDC7F",
                "\uFFFD\uFFFE\uFFFF\uFDD0\uE000\uFEFF \uDBFF\uDFFF",
                "\u017Ft '\u017F '\u212A 'S'T'RE've'Ll'D 're're''s",
                "a".repeat(500),
                "ab".repeat(300) + " ".repeat(300) + "x",
                "\n".repeat(100) + "\t".repeat(99) + "0".repeat(98) + "!".repeat(97),
                "\uD83D\uDE00".repeat(60)));
    Random random = new Random(17);
    for (int i = 0; i < 200; i++) {
      texts.add(random(random, 1 + random.nextInt(60)));
    }
    return texts;
  }

  /** Text of characters that Java's version of Unicode knows, half of them ones that cut. */
  private static String random(Random random, int length) {
    String cutting = " \n\t\r'stlvredmSTLVREDM09aZ!/_\u00E9\u00A0\u0301\u4E00";
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      int limit = random.nextBoolean() ? 0x3000 : 0x1FB00;
      int codePoint =
          random.nextBoolean()
              ? cutting.charAt(random.nextInt(cutting.length()))
              : random.nextInt(limit);
      int type = Character.getType(codePoint);
      if (type != Character.UNASSIGNED && type != Character.SURROGATE) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }
}
