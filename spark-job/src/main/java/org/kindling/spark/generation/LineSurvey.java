package org.kindling.spark.generation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.LocatedTasks;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;
import org.kindling.spark.settings.NearestName;

/**
 * What a job knows of its lines before it generates: how many rows each range has, by one quick
 * pass over the files.
 *
 * @param rows of the ranges, in their order
 */
record LineSurvey(List<Long> rows) {

  /** What a task reports of a range. Of rows that are bad only the first counts. */
  private static final class Report implements Serializable {
    private static final long serialVersionUID = 1;

    private long lines;
    private long rows;
    private boolean hasPrompts;
    private ArrayList<String> otherNames; // of the first object without the prompt's field
    private long badLine; // counted from 1, 0 for none
    private String error;

    /**
     * Looks at a line, no closer than necessary.
     *
     * @param reader checks prompts; null if the job goes on at bad rows
     */
    void add(byte[] line, LineFormat format, String promptField, PromptReader reader) {
      lines++;
      if (!format.isRow(line)) {
        return;
      }
      rows++;
      try {
        if (!hasPrompts) {
          List<String> names = format.names(line);
          hasPrompts = names.contains(promptField);
          if (!hasPrompts && otherNames == null) {
            otherNames = new ArrayList<>(names);
          }
        }
        if (reader != null && badLine == 0) {
          reader.read(format.fields(line));
        }
      } catch (RowException e) {
        if (badLine == 0) {
          badLine = lines;
          error = e.describe();
        }
      }
    }
  }

  /**
   * Counts rows.
   *
   * @param model for jobs that stop at a bad row, to find it now and not after hours
   * @throws InputException (perhaps as a cause of Spark's exception) if a file cannot be read, if
   *     no row has a prompt, or naming the first bad row's file and line, where that is to stop the
   *     job
   */
  static LineSurvey of(
      JavaSparkContext spark,
      TextFiles files,
      LineFormat format,
      BatchSettings settings,
      Broadcast<PublishedModel> model) {
    List<Report> reports;
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<Report> all =
          LocatedTasks.ranges(spark, files.ranges())
              .map(range -> report(range, configuration, format, settings, model));
      reports = JobDescription.describe(spark, "count rows", all::collect);
    }
    if (settings.onError() == BatchSettings.OnError.FAIL) {
      refuseBadRow(files.ranges(), reports);
    }
    refuseNoPrompts(files.input(), settings.promptField(), reports);
    return new LineSurvey(reports.stream().map(report -> report.rows).toList());
  }

  private static Report report(
      TextRange range,
      HadoopConfiguration configuration,
      LineFormat format,
      BatchSettings settings,
      Broadcast<PublishedModel> model) {
    PromptReader reader =
        settings.onError() == BatchSettings.OnError.FAIL
            ? new PromptReader(settings, model.value().get().tokenizer())
            : null;
    Report report = new Report();
    try (LineReader lines = new LineReader(range, configuration.value())) {
      while (lines.hasNext()) {
        report.add(lines.next(), format, settings.promptField(), reader);
      }
    }
    return report;
  }

  private static void refuseBadRow(List<TextRange> ranges, List<Report> reports) {
    long before = 0;
    for (int i = 0; i < ranges.size(); i++) {
      String path = ranges.get(i).path();
      before = i > 0 && path.equals(ranges.get(i - 1).path()) ? before : 0;
      Report report = reports.get(i);
      if (report.badLine > 0) {
        throw new InputException(
            "%s, line %d: %s".formatted(path, before + report.badLine, report.error));
      }
      before += report.lines;
    }
  }

  private static void refuseNoPrompts(String input, String field, List<Report> reports) {
    boolean any = reports.stream().anyMatch(report -> report.hasPrompts);
    Optional<ArrayList<String>> names =
        reports.stream().map(report -> report.otherNames).filter(Objects::nonNull).findFirst();
    if (!any && names.isPresent()) {
      throw new InputException(
          "%s: no line has the field \"%s\"%s; the first object has %s"
              .formatted(
                  input,
                  field,
                  NearestName.asked(field, names.get()),
                  names.get().isEmpty() ? "none" : String.join(", ", names.get())));
    }
  }
}
