package org.kindling.spark.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.kindling.model.ModelException;
import org.kindling.model.ParameterLayout;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.Slice;
import org.kindling.spark.InputException;
import org.kindling.spark.files.Sha256;
import org.kindling.spark.files.WholeFiles;

/**
 * The three files of one checkpoint, written and read. Reading verifies length and SHA-256 of each
 * file that it takes values from, and throws a {@link DamageException} that names file and defect.
 */
final class CheckpointFiles {
  static final String MODEL = "model.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String STATE = "state.json";

  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  private final WholeFiles files;
  private final Path directory;

  CheckpointFiles(WholeFiles files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  void write(Checkpoint checkpoint) throws IOException {
    TrainingState state = checkpoint.state();
    ParameterLayout layout = ParameterLayout.of(state.model());
    // Other tools look for this one.
    Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));
    metadata.putAll(StateFile.metadata(state.model()));
    Map<String, FileDigest> digests = new LinkedHashMap<>();
    digests.put(MODEL, write(MODEL, metadata, slices(layout, "", checkpoint.weights())));
    digests.put(OPTIMIZER, write(OPTIMIZER, Map.of("format", "pt"), moments(layout, checkpoint)));
    // Last, because it vouches for the others.
    StateFile stateFile = new StateFile(StateFile.FORMAT, state, digests);
    files.writeText(new Path(directory, STATE), stateFile.toJson());
  }

  Checkpoint read() throws IOException {
    StateFile stateFile = readState();
    ParameterLayout layout = ParameterLayout.of(stateFile.state().model());
    expectLength(MODEL, stateFile);
    expectLength(OPTIMIZER, stateFile);
    Checkpoint checkpoint =
        new Checkpoint(
            new float[layout.size()],
            new float[layout.size()],
            new float[layout.size()],
            stateFile.state());
    read(MODEL, stateFile, slices(layout, "", checkpoint.weights()));
    read(OPTIMIZER, stateFile, moments(layout, checkpoint));
    return checkpoint;
  }

  /** Without touching the optimizer's file. */
  Weights readWeights() throws IOException {
    StateFile stateFile = readState();
    ParameterLayout layout = ParameterLayout.of(stateFile.state().model());
    expectLength(MODEL, stateFile);
    float[] weights = new float[layout.size()];
    read(MODEL, stateFile, slices(layout, "", weights));
    return new Weights(weights, stateFile.state());
  }

  StateFile readState() throws IOException {
    StateFile stateFile;
    try {
      stateFile = StateFile.parse(files.readText(new Path(directory, STATE)));
    } catch (FileNotFoundException e) {
      throw missing(STATE, e);
    } catch (ChecksumException e) { // HDFS's, of all copies
      throw new DamageException("%s: %s".formatted(STATE, e.getMessage()), e);
    } catch (DamageException e) {
      throw new DamageException(STATE + " " + e.getMessage(), e);
    } catch (InputException e) {
      throw new InputException(STATE + " " + e.getMessage(), e);
    }
    String name = CheckpointName.of(stateFile.state().step());
    if (!name.equals(directory.getName())) {
      throw new DamageException("%s is that of %s".formatted(STATE, name));
    }
    return stateFile;
  }

  private FileDigest write(String name, Map<String, String> metadata, List<Slice> slices)
      throws IOException {
    try (FSDataOutputStream out = files.create(new Path(directory, name))) {
      FileDigest.Stream digesting = new FileDigest.Stream(out);
      Safetensors.write(digesting, metadata, slices);
      WholeFiles.persist(out);
      return digesting.fileDigest();
    }
  }

  private void expectLength(String name, StateFile stateFile) throws IOException {
    long length;
    try {
      length = files.status(new Path(directory, name)).getLen();
    } catch (FileNotFoundException e) {
      throw missing(name, e);
    }
    FileDigest expected = stateFile.files().get(name);
    if (expected == null) {
      throw new DamageException("%s knows nothing of %s".formatted(STATE, name));
    }
    if (length != expected.length()) {
      throw new DamageException(
          "%s has %d bytes, %s says %d".formatted(name, length, STATE, expected.length()));
    }
  }

  /** File systems say the same of a file that is there and that this process cannot open. */
  private DamageException missing(String name, FileNotFoundException e) throws IOException {
    if (files.names(directory).contains(name)) {
      throw new IOException(e.getMessage(), e);
    }
    return new DamageException(name + " is missing", e);
  }

  private void read(String name, StateFile stateFile, List<Slice> slices) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(files.open(new Path(directory, name)), digest)) {
      Safetensors.readInto(in, slices);
    } catch (ModelException | ChecksumException e) { // the second is HDFS's, of all copies
      throw new DamageException("%s: %s".formatted(name, e.getMessage()), e);
    }
    if (!Sha256.hex(digest).equals(stateFile.files().get(name).sha256())) {
      throw new DamageException("%s does not match the SHA-256 in %s".formatted(name, STATE));
    }
  }

  private static List<Slice> moments(ParameterLayout layout, Checkpoint checkpoint) {
    List<Slice> slices = slices(layout, FIRST_MOMENT, checkpoint.firstMoment());
    slices.addAll(slices(layout, SECOND_MOMENT, checkpoint.secondMoment()));
    return slices;
  }

  private static List<Slice> slices(ParameterLayout layout, String prefix, float[] vector) {
    List<Slice> slices = new ArrayList<>();
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      int[] shape = parameter.shape().stream().mapToInt(Integer::intValue).toArray();
      slices.add(new Slice(prefix + parameter.name(), shape, vector, parameter.offset()));
    }
    return slices;
  }
}
