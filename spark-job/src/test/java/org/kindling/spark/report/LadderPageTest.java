package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The page is well-formed XML, as a run's report is. */
class LadderPageTest {
  private static final LadderRung TRAINED =
      new LadderRung(
          "02-one-head",
          "one head",
          2.4,
          7553,
          5000,
          2.39871,
          65,
          "\nA <b>\nB",
          "02/report.html",
          "");
  private static final LadderRung LEFT_OUT =
      new LadderRung(
          "07-scaled",
          "scaled up",
          1.48,
          10_788_929,
          0,
          Double.NaN,
          15_000,
          "",
          "",
          LadderRung.NO_TIME);

  private static Document page(LadderRung... rungs) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(LadderPage.html("<text> & more", List.of(rungs)))));
  }

  @Test
  void showsWhatWasTrainedAndWhatWasLeftOut() throws Exception {
    Document page = page(TRAINED, LEFT_OUT);

    assertThat(page.getDocumentElement().getTextContent()).contains("<text> & more");
    var rows = page.getElementsByTagName("tr");
    assertThat(rows.item(1).getTextContent())
        .isEqualTo("02-one-headone head7,5535,0002.39872.401:05");
    assertThat(rows.item(2).getTextContent())
        .isEqualTo("07-scaledscaled up (left out, no time for it)10,788,929--1.48about 4 h");
    assertThat(page.getElementsByTagName("pre").item(0).getTextContent()).isEqualTo("\n\nA <b>\nB");
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(1);
  }

  @Test
  void isAPageBeforeAnythingIsTrained() throws Exception {
    assertThat(page().getElementsByTagName("svg").getLength()).isZero();
    assertThat(page(LEFT_OUT).getElementsByTagName("tr").getLength()).isEqualTo(2);
    LadderRung unknown =
        new LadderRung("a", "b", 1, 0, 0, Double.NaN, Double.NaN, "", "", "too short");
    assertThat(page(unknown).getElementsByTagName("tr").item(1).getTextContent())
        .isEqualTo("ab (left out, too short)---1.00-");
  }

  @Test
  void aSampleIsOneLineOfAtMost56Characters() {
    assertThat(TRAINED.line()).isEqualTo("A <b> / B");
    LadderRung faces = new LadderRung("a", "", 1, 1, 1, 1, 59.6, "😀".repeat(100), "", "");
    assertThat(faces.line()).isEqualTo("😀".repeat(56));
    assertThat(faces.time()).isEqualTo("1:00");
  }
}
