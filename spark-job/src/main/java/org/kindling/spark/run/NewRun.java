package org.kindling.spark.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;

/** The start of a run's directory: what may be there before, and how an older run makes room. */
final class NewRun {
  /** Where the run that is being replaced waits until the new one stands. */
  private static final String REPLACED = ".replaced";

  /** Everything that a run writes, and so all that replacing one may remove. */
  private static final List<String> OWN =
      List.of(
          RunDirectory.CONFIG,
          RunDirectory.TOKENIZER,
          RunDirectory.CHECKPOINTS,
          RunDirectory.METRICS,
          RunDirectory.SAMPLES,
          RunDirectory.REPORT,
          RunDirectory.EVENTS,
          Pointers.LATEST,
          Pointers.BEST);

  /** What a run leaves that died at its very start, before it had settings. */
  private static final Set<String> FIRST =
      Set.of(
          RunDirectory.CHECKPOINTS,
          RunDirectory.TOKENIZER,
          WholeFiles.aside(new Path(RunDirectory.TOKENIZER)).getName(),
          WholeFiles.aside(new Path(RunDirectory.CONFIG)).getName());

  private enum Content {
    NOTHING,
    A_RUN,
    SOMETHING_ELSE
  }

  private final String output;
  private final WholeFiles files;
  private final Path path;

  private NewRun(String output, WholeFiles files, Path path) {
    this.output = output;
    this.files = files;
    this.path = path;
  }

  static NewRun at(String output, Configuration configuration) {
    Path path = RunDirectory.parse(output);
    try {
      WholeFiles files = WholeFiles.of(path, configuration);
      return new NewRun(output, files, files.qualify(path));
    } catch (IOException e) {
      throw WholeFiles.failed("open", path, e);
    }
  }

  /** See {@link RunDirectory#refuseTaken}. */
  void refuseTaken(boolean overwrite) {
    switch (content()) {
      case NOTHING -> {}
      case A_RUN -> {
        if (!overwrite) {
          throw new InputException(
              "--output %s holds a run already: use --resume %s to continue it or --overwrite to replace it"
                  .formatted(output, output));
        }
      }
      case SOMETHING_ELSE ->
          throw new InputException(
              "--output %s is not empty and holds no run: choose a new or an empty directory%s"
                  .formatted(output, overwrite ? " (--overwrite replaces runs only)" : ""));
    }
  }

  /** See {@link RunDirectory#create}. */
  RunDirectory create(boolean overwrite, String config, String tokenizerJson) {
    refuseTaken(overwrite);
    Deque<Path> moved = new ArrayDeque<>();
    List<Path> made = new ArrayList<>();
    try {
      moveAside(moved);
      made.add(child(RunDirectory.CHECKPOINTS));
      files.createDirectory(child(RunDirectory.CHECKPOINTS));
      made.add(child(RunDirectory.TOKENIZER));
      files.writeText(child(RunDirectory.TOKENIZER), tokenizerJson);
      // Last, because a directory without it is no run yet.
      made.add(child(RunDirectory.CONFIG));
      files.writeText(child(RunDirectory.CONFIG), config);
      if (!moved.isEmpty()) {
        files.delete(child(REPLACED));
      }
      return new RunDirectory(files, path);
    } catch (IOException e) {
      putBack(moved, made, e);
      throw WholeFiles.failed("create a run in", path, e);
    }
  }

  private Content content() {
    try {
      if (!files.exists(path)) {
        return Content.NOTHING;
      }
      if (!files.isDirectory(path)) {
        throw new InputException("--output %s is a file, not a directory".formatted(output));
      }
      List<String> names = files.names(path);
      List<String> checkpoints =
          files.isDirectory(child(RunDirectory.CHECKPOINTS))
              ? files.names(child(RunDirectory.CHECKPOINTS))
              : List.of();
      boolean ownCheckpoints = checkpoints.stream().allMatch(CheckpointName::isOwn);
      boolean ownEvents =
          !files.isDirectory(child(RunDirectory.EVENTS))
              || files.names(child(RunDirectory.EVENTS)).stream()
                  .allMatch(name -> name.startsWith("events.out.tfevents."));
      if (names.contains(REPLACED)
          || (names.contains(RunDirectory.CONFIG)
              && names.contains(RunDirectory.CHECKPOINTS)
              && ownCheckpoints
              && ownEvents)) {
        return Content.A_RUN;
      }
      boolean died =
          names.contains(RunDirectory.CHECKPOINTS)
              && checkpoints.isEmpty()
              && FIRST.containsAll(names);
      return names.isEmpty() || died ? Content.NOTHING : Content.SOMETHING_ELSE;
    } catch (IOException e) {
      throw WholeFiles.failed("look into", path, e);
    }
  }

  private void moveAside(Deque<Path> moved) throws IOException {
    Path replaced = child(REPLACED);
    if (files.exists(replaced)) {
      // An earlier replacement died. Where the new run was complete, the old one is waste; where it
      // was not, the old one is still the run, and what stands beside it are the new one's first
      // files.
      if (files.exists(child(RunDirectory.CONFIG))) {
        files.delete(replaced);
      } else {
        // What makes it a run comes last, as in create.
        List<String> names = new ArrayList<>(OWN);
        Collections.reverse(names);
        for (String name : names) {
          if (files.exists(new Path(replaced, name))) {
            files.delete(child(name));
            files.move(new Path(replaced, name), child(name));
          }
        }
        files.delete(replaced);
      }
    }
    for (String name : OWN) {
      files.delete(WholeFiles.aside(child(name)));
      if (files.exists(child(name))) {
        files.createDirectory(replaced);
        files.move(child(name), new Path(replaced, name));
        moved.push(child(name));
      }
    }
  }

  /**
   * Removes what was made and undoes {@link #moveAside} after a failure; a second failure is noted
   * on the first.
   */
  private void putBack(Deque<Path> moved, List<Path> made, IOException failure) {
    try {
      for (Path child : made) {
        files.delete(child);
      }
      for (Path original : moved) {
        files.move(new Path(child(REPLACED), original.getName()), original);
      }
      files.delete(child(REPLACED));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Path child(String name) {
    return new Path(path, name);
  }
}
