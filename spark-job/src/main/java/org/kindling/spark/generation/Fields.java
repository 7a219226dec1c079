package org.kindling.spark.generation;

/** One row's fields, by their names. */
@FunctionalInterface
interface Fields {
  /**
   * A field's value: a String, a Number, a Boolean, a List of these, or anything else where it is
   * of a type that no setting has; null where it is null or not there.
   *
   * @throws RowException if the field cannot be read
   */
  Object get(String name) throws RowException;
}
