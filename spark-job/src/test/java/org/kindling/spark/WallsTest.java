package org.kindling.spark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;
import org.kindling.model.Replica;

/** Who may know whom: between the three modules, and between packages inside them. */
class WallsTest {
  private static final String TOKENIZER = "org.kindling.tokenizer..";
  private static final String MODEL = "org.kindling.model..";
  private static final String KERNELS = "org.kindling.model.kernels..";
  private static final String LAYERS = "org.kindling.model.layers..";
  private static final String JOBS = "org.kindling.spark..";
  private static final String COMMAND = "org.kindling.spark.command..";
  private static final String[] SPARK_AND_HADOOP = {
    "org.apache.spark..", "org.apache.hadoop..", "scala.."
  };
  private static final String[] NATIVE = {"org.nd4j..", "org.bytedeco.."};

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.kindling");

  @Test
  void allThreeModulesAreLookedAt() {
    for (String module : new String[] {TOKENIZER, MODEL, JOBS}) {
      assertThat(CLASSES.that(resideInAnyPackage(module))).as(module).isNotEmpty();
    }
  }

  @Test
  void theTokenizerKnowsNoModelAndNoJobs() {
    refuse(TOKENIZER, MODEL, JOBS);
  }

  @Test
  void theModelKnowsNoTextAndNoJobs() {
    refuse(MODEL, TOKENIZER, JOBS);
  }

  @Test
  void onlyTheJobsKnowSpark() {
    refuse(TOKENIZER, SPARK_AND_HADOOP);
    refuse(MODEL, SPARK_AND_HADOOP);
  }

  @Test
  void onlyTheModelKnowsTensors() {
    refuse(TOKENIZER, NATIVE);
    refuse(JOBS, NATIVE);
  }

  @Test
  void kernelsKnowNoLayersAndLayersNoReplica() {
    refuse(KERNELS, LAYERS);
    for (String below :
        new String[] {
          KERNELS,
          LAYERS,
          "org.kindling.model.optimizer..",
          "org.kindling.model.sampling..",
          "org.kindling.model.safetensors.."
        }) {
      noClasses()
          .that()
          .resideInAPackage(below)
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Replica.class)
          .check(CLASSES);
    }
  }

  @Test
  void settingsTextAndRunsKnowNoTraining() {
    for (String below :
        new String[] {"session", "files", "settings", "corpus", "tokenizing", "run", "report"}) {
      refuse(
          JOBS.replace("..", "." + below + ".."),
          "org.kindling.spark.training..",
          "org.kindling.spark.generation..",
          COMMAND);
    }
    refuse("org.kindling.spark.corpus..", MODEL, "org.kindling.spark.run..");
    refuse("org.kindling.spark.tokenizing..", MODEL, "org.kindling.spark.run..");
    refuse("org.kindling.spark.files..", "org.apache.spark..", "scala..");
    refuse("org.kindling.spark.settings..", SPARK_AND_HADOOP);
    refuse("org.kindling.spark.report..", SPARK_AND_HADOOP);
  }

  @Test
  void generationKnowsNoTraining() {
    refuse(
        "org.kindling.spark.generation..",
        "org.kindling.spark.training..",
        "org.kindling.spark.report..");
    refuse("org.kindling.spark.training..", "org.kindling.spark.generation..");
  }

  @Test
  void nobodyKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(COMMAND)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(COMMAND)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  /** Options become values before a run begins. */
  @Test
  void runsKnowNoOptions() {
    refuse("org.kindling.spark.command.train..", "picocli..");
  }

  @Test
  void noPackagesDependOnEachOther() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(CLASSES);
  }

  private static void refuse(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(CLASSES);
  }

  /**
   * A slice for each package. In {@code org.kindling.model}, what everything below it speaks of
   * (settings, layout, parameters) and what is made of everything below it (the replica) are one
   * package for the caller and two slices here.
   */
  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      boolean top = javaClass.isEquivalentTo(Replica.class);
      return SliceIdentifier.of(javaClass.getPackageName() + (top ? " (replica)" : ""));
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
