package io.undercurrent.chart;

import static io.undercurrent.chart.Samples.minute;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SvgChartTests {

  @Test
  void isWellFormedAndSaysWhatItShows() throws Exception {
    var timeline =
        Timeline.of(
            List.of(
                minute(0, 6000, 3000L, "working", 40, "sleeping", 20),
                minute(1, 600, 3L, "working", 10, "held:replication-lag", 50),
                minute(8, 60, 0L, "working", 60)),
            9);

    var svg = SvgChart.draw("fill_titles & <more>\u001b, run 3", timeline, ZoneOffset.UTC);

    var document = parsed(svg);
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("fill_titles & <more>\uFFFD, run 3");
    assertThat(texts(document))
        .contains(
            "items per second (solid), rows changed per second (dashed)",
            "milliseconds per iteration (solid), target 100 (dotted)",
            "worked",
            "slept",
            "held by replication-lag",
            "not recorded",
            "08:06");
    assertThat(svg).doesNotContain("NaN", "script", "style=", "href");
    // once before and once after the gap
    assertThat(svg.split("class=\"items\"")).hasSize(3);
  }

  @Test
  void drawsAStepForEachColumn() throws Exception {
    var timeline =
        Timeline.of(
            List.of(minute(0, 600, null, "working", 60), minute(1, 300, null, "working", 60)), 2);

    var path = parsed(SvgChart.draw("", timeline, ZoneOffset.UTC)).getElementsByTagName("path");

    // 10 and 5 a second on a scale up to 10, which is 150 high and begins at 30
    assertThat(path.item(1).getAttributes().getNamedItem("d").getTextContent())
        .isEqualTo("M170.0 30.0H555.0V105.0H940.0");
  }

  @Test
  void isTheSameInAnyLanguage() {
    var timeline =
        Timeline.of(IntStream.range(0, 5).mapToObj(i -> minute(i, 100L * i, null)).toList(), 5);
    var expected = SvgChart.draw("", timeline, ZoneId.of("Asia/Kathmandu"));
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(SvgChart.draw("", timeline, ZoneId.of("Asia/Kathmandu"))).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> texts(Document svg) {
    var texts = svg.getElementsByTagName("text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  private static Document parsed(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
