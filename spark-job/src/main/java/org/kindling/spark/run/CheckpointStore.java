package org.kindling.spark.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's checkpoints: {@code checkpoints/step-00002000/} with {@code model.safetensors}, {@code
 * optimizer.safetensors} and {@code state.json}, and the pointers {@code latest} and {@code best}.
 *
 * <p>A checkpoint is written under a hidden name and then renamed, so it is visible whole or not at
 * all (where a rename is a copy, as on object stores, one that is not whole is noticed by its
 * checksums). Errors are InputExceptions that name checkpoint, file and defect.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

  private final WholeFiles files;
  private final Path run;
  private final Path directory;
  private final CheckpointFolders folders;
  private final Pointers pointers;

  CheckpointStore(WholeFiles files, Path run) {
    this.files = files;
    this.run = run;
    this.directory = new Path(run, RunDirectory.CHECKPOINTS);
    this.folders = new CheckpointFolders(files, directory);
    this.pointers = new Pointers(files, run);
  }

  /**
   * Saves a checkpoint, points {@code latest} at it, and removes the checkpoints that are no longer
   * kept: all but the last {@code keepLast}, the one that {@code best} names, and this one. Those
   * of later steps go, too: a run that continues from here will make them anew.
   *
   * @param best whether {@code best} should name it; before the first evaluation {@code best}
   *     follows {@code latest}
   * @param keepLast at least 1
   * @return its name
   */
  public String save(Checkpoint checkpoint, boolean best, int keepLast) {
    String name = CheckpointName.of(checkpoint.step());
    folders.write(checkpoint, name);
    point(name, checkpoint.state(), best);
    retain(name, keepLast);
    return name;
  }

  /**
   * Points {@code latest} and {@code best} at what this checkpoint, from which a run goes on, says:
   * the process that saved it may have ended before it did so.
   */
  public void pointAsOf(Checkpoint checkpoint) {
    point(CheckpointName.of(checkpoint.step()), checkpoint.state(), false);
  }

  private void point(String name, TrainingState state, boolean best) {
    try {
      if (!pointer(Pointers.LATEST).equals(Optional.of(name))) {
        pointers.write(Pointers.LATEST, name);
      }
      pointBest(state, name, best);
    } catch (IOException e) {
      throw WholeFiles.failed("update latest and best in", run, e);
    }
  }

  /** Names of all visible checkpoints, oldest first; they may be damaged. */
  public List<String> names() {
    try {
      return files.names(directory).stream()
          .filter(name -> CheckpointName.step(name).isPresent())
          .sorted(Comparator.comparingInt(CheckpointStore::stepOf))
          .toList();
    } catch (IOException e) {
      throw WholeFiles.failed("list", directory, e);
    }
  }

  /**
   * What {@code latest} names, or the newest checkpoint where it names none; empty without
   * checkpoints.
   */
  public Optional<String> latest() {
    return pointer(Pointers.LATEST).or(this::newest);
  }

  /**
   * What {@code best} names. Where it names none: the best according to the newest checkpoint whose
   * state can be read, else {@link #latest}.
   */
  public Optional<String> best() {
    return pointer(Pointers.BEST)
        .or(() -> newestState().map(state -> CheckpointName.of(state.bestStep())).filter(this::has))
        .or(this::latest);
  }

  private Optional<TrainingState> newestState() {
    List<String> names = names();
    for (int i = names.size() - 1; i >= 0; i--) {
      try {
        return Optional.of(state(names.get(i)));
      } catch (DamageException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** A checkpoint by its name, or {@code latest} or {@code best}, verified. */
  public Checkpoint load(String name) {
    return read(resolve(name), CheckpointFiles::read);
  }

  /** As {@link #load}, without the optimizer's vectors, whose file is not touched. */
  public Weights loadWeightsOnly(String name) {
    return read(resolve(name), CheckpointFiles::readWeights);
  }

  /** The state alone of a checkpoint by its name, or {@code latest} or {@code best}. */
  public TrainingState state(String name) {
    return read(resolve(name), CheckpointFiles::readState).state();
  }

  /**
   * The newest checkpoint that is whole, and what was wrong with newer ones. One that cannot be
   * read now, for the network or its format, ends this instead: it may be whole, and whoever went
   * on from an older one would remove it.
   */
  public Restored newestWhole() {
    List<String> names = names();
    List<String> skipped = new ArrayList<>();
    for (int i = names.size() - 1; i >= 0; i--) {
      try {
        return new Restored(load(names.get(i)), List.copyOf(skipped));
      } catch (DamageException e) {
        LOG.warn("{}", e.getMessage());
        skipped.add(e.getMessage());
      }
    }
    throw new InputException(
        skipped.isEmpty()
            ? "%s holds no checkpoint".formatted(WholeFiles.show(run))
            : "%s holds no whole checkpoint: %s"
                .formatted(WholeFiles.show(run), String.join("; ", skipped)));
  }

  private interface Reading<T> {
    T from(CheckpointFiles checkpoint) throws IOException;
  }

  private <T> T read(String name, Reading<T> reading) {
    Path path = new Path(directory, name);
    try {
      return reading.from(new CheckpointFiles(files, path));
    } catch (DamageException e) {
      throw new DamageException(
          "checkpoint %s is damaged: %s".formatted(WholeFiles.show(path), e.getMessage()), e);
    } catch (InputException e) {
      throw new InputException(
          "checkpoint %s: %s".formatted(WholeFiles.show(path), e.getMessage()), e);
    } catch (IOException e) {
      throw WholeFiles.failed("read checkpoint", path, e);
    }
  }

  private String resolve(String name) {
    Optional<String> resolved =
        switch (name) {
          case Pointers.LATEST -> latest();
          case Pointers.BEST -> best();
          default -> Optional.of(name).filter(this::has);
        };
    return resolved.orElseThrow(
        () -> {
          List<String> names = names();
          return new InputException(
              "%s has no checkpoint %s: it has %s"
                  .formatted(
                      WholeFiles.show(run),
                      name,
                      names.isEmpty() ? "none" : String.join(", ", names)));
        });
  }

  /**
   * The state knows which step is the best; the pointer may be older, where a process ended between
   * a checkpoint and its pointers.
   */
  private void pointBest(TrainingState state, String name, boolean best) throws IOException {
    Optional<String> pointed =
        pointer(Pointers.BEST).filter(checkpoint -> stepOf(checkpoint) <= state.step());
    String known = CheckpointName.of(state.bestStep());
    String named = name;
    if (!best && state.evaluated()) {
      named = has(known) ? known : pointed.orElse(name);
    }
    if (!pointed.equals(Optional.of(named))) {
      pointers.write(Pointers.BEST, named);
    }
  }

  private void retain(String newest, int keepLast) {
    List<String> names = names();
    List<String> past = names.stream().filter(name -> stepOf(name) <= stepOf(newest)).toList();
    Set<String> kept =
        new HashSet<>(past.subList(Math.max(0, past.size() - keepLast), past.size()));
    kept.add(newest);
    pointer(Pointers.BEST).ifPresent(kept::add);
    for (String name : names) {
      if (!kept.contains(name)) {
        folders.remove(name);
      }
    }
  }

  private Optional<String> pointer(String pointer) {
    try {
      Optional<String> named = pointers.read(pointer);
      Optional<String> there = named.filter(this::has);
      if (named.isPresent() && there.isEmpty()) {
        LOG.warn("{}/{} names {}, which is not there", WholeFiles.show(run), pointer, named.get());
      }
      return there;
    } catch (IOException e) {
      throw WholeFiles.failed("read", new Path(run, pointer), e);
    }
  }

  private boolean has(String name) {
    try {
      return CheckpointName.step(name).isPresent() && files.isDirectory(new Path(directory, name));
    } catch (IOException e) {
      throw WholeFiles.failed("look for", new Path(directory, name), e);
    }
  }

  private Optional<String> newest() {
    List<String> names = names();
    return names.isEmpty() ? Optional.empty() : Optional.of(names.get(names.size() - 1));
  }

  private static int stepOf(String name) {
    return CheckpointName.step(name).orElseThrow();
  }
}
