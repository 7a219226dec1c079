package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kindling.spark.report.AttentionPage.Guess;
import org.kindling.spark.report.AttentionPage.Next;

class AttentionPageTest {
  private static final float[][] HEAD = {{1, 0}, {0.25f, 0.75f}};

  private static String page(String title, String token) {
    return AttentionPage.html(
        title,
        List.of("a", token),
        List.<float[][][]>of(new float[][][] {HEAD, HEAD}),
        List.of(
            new Next(List.of(new Guess(token, 0.123456)), 0.5),
            new Next(List.of(new Guess("b", 1)), Double.NaN)));
  }

  private static JsonNode data(String page) throws Exception {
    String open = "<script type=\"application/json\" id=\"data\">";
    int start = page.indexOf(open) + open.length();
    return new ObjectMapper().readTree(page.substring(start, page.indexOf("</script>", start)));
  }

  @Test
  void holdsAHeadAsATriangleOfThousandths() throws Exception {
    JsonNode data = data(page("runs/a", "x"));

    assertThat(data.get("attention").toString()).isEqualTo("[[[1000,250,750],[1000,250,750]]]");
    assertThat(data.get("next").toString())
        .isEqualTo("[{\"guesses\":[[\"x\",0.1235]],\"actual\":0.5},{\"guesses\":[[\"b\",1.0]]}]");
  }

  /** A model may have learned any token; none may end the data or begin an element. */
  @Test
  void tokensAreDataWhateverTheyAre() throws Exception {
    String nasty = "</script><img onerror=alert(1)> &amp; {{data}} $1 \u2028 \"'\\";

    String page = page(nasty, nasty);

    assertThat(data(page).get("tokens").get(1).asText()).isEqualTo(nasty);
    assertThat(page).doesNotContain("<img").containsOnlyOnce("<script type");
    assertThat(page.split("</script>", -1)).as("data and script end once each").hasSize(3);
  }

  @Test
  void needsNoNetwork() {
    assertThat(page("runs/a", "x"))
        .contains("default-src 'none'")
        .doesNotContain("src=", "href=", "url(", "@import", "fetch(");
  }
}
