package org.kindling.spark.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.NearestName;

/**
 * Rows of a Dataset. Columns are found whatever capitals they are written with, as in Spark SQL.
 *
 * @param columns places of the prompt's and the settings' columns by their names
 * @param kept places of the columns that the output keeps
 */
record TableFormat(Map<String, Integer> columns, int[] kept, StructType output)
    implements RowFormat<Row, Row> {
  private static final long serialVersionUID = 1;

  /**
   * The format of a table.
   *
   * @throws InputException if it lacks the prompt's column, or a column of a setting's name has a
   *     type that no setting has
   */
  static TableFormat of(StructType schema, String promptField) {
    Map<String, Integer> columns = new TreeMap<>();
    int prompt = indexOf(schema, promptField);
    if (prompt < 0) {
      List<String> names = Arrays.asList(schema.fieldNames());
      throw new InputException(
          "the table has no column \"%s\"%s; it has %s"
              .formatted(
                  promptField, NearestName.asked(promptField, names), String.join(", ", names)));
    }
    require(schema.fields()[prompt], isText(schema.fields()[prompt].dataType()), "text");
    columns.put(promptField, prompt);
    for (String name : RowSettings.NAMES) {
      for (String written : List.of(name, name.replace('_', '-'))) {
        int at = indexOf(schema, written);
        if (at >= 0) {
          columns.put(written, at);
          requireSetting(name, schema.fields()[at]);
        }
      }
    }
    List<Integer> kept = new ArrayList<>();
    StructType output = new StructType();
    for (int i = 0; i < schema.length(); i++) {
      if (!OutputColumns.replace(schema.fields()[i].name())) {
        kept.add(i);
        output = output.add(schema.fields()[i]);
      }
    }
    return new TableFormat(
        columns, kept.stream().mapToInt(Integer::intValue).toArray(), added(output));
  }

  private static StructType added(StructType kept) {
    return kept.add(OutputColumns.COMPLETION, DataTypes.StringType)
        .add(OutputColumns.FINISH_REASON, DataTypes.StringType)
        .add(OutputColumns.PROMPT_TOKENS, DataTypes.IntegerType)
        .add(OutputColumns.COMPLETION_TOKENS, DataTypes.IntegerType)
        .add(OutputColumns.SEED, DataTypes.LongType)
        .add(OutputColumns.ERROR, DataTypes.StringType);
  }

  private static int indexOf(StructType schema, String name) {
    for (int i = 0; i < schema.length(); i++) {
      if (schema.fields()[i].name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  private static void requireSetting(String name, StructField field) {
    DataType type = field.dataType();
    if (name.equals("stop")) {
      boolean isList = type instanceof ArrayType array && isText(array.elementType());
      require(field, isText(type) || isList, "text or a list of texts");
    } else {
      require(field, type instanceof NumericType, "a number");
    }
  }

  private static boolean isText(DataType type) {
    return type instanceof StringType || type.equals(DataTypes.NullType);
  }

  private static void require(StructField field, boolean holds, String wanted) {
    if (!holds && !field.dataType().equals(DataTypes.NullType)) {
      throw new InputException(
          "column \"%s\" is of type %s: must be %s"
              .formatted(
                  field.name(), field.dataType().simpleString().toLowerCase(Locale.ROOT), wanted));
    }
  }

  @Override
  public Fields fields(Row row) {
    return name -> {
      Integer at = columns.get(name);
      if (at == null || row.isNullAt(at)) {
        return null;
      }
      return row.schema().fields()[at].dataType() instanceof ArrayType
          ? row.getList(at)
          : row.get(at);
    };
  }

  @Override
  public Row completed(Row row, Completion completion) {
    Object[] added = completion.values();
    Object[] values = new Object[kept.length + added.length];
    for (int i = 0; i < kept.length; i++) {
      values[i] = row.get(kept[i]);
    }
    System.arraycopy(added, 0, values, kept.length, added.length);
    return RowFactory.create(values);
  }
}
