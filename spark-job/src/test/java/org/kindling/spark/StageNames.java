package org.kindling.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;

/** Hears the names of stages; Spark makes it, through {@code spark.extraListeners}. */
public final class StageNames extends SparkListener {
  private static final String SETTING = "spark.extraListeners";
  private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

  /** What starts stages. */
  public interface Action {
    void run() throws IOException;
  }

  /** The names of all stages that an action starts, in order; it must stop its Spark. */
  public static List<String> during(Action action) throws IOException {
    HEARD.clear();
    System.setProperty(SETTING, StageNames.class.getName());
    try {
      action.run();
    } finally {
      System.clearProperty(SETTING);
    }
    return List.copyOf(HEARD);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    HEARD.add(stage.stageInfo().name());
  }
}
