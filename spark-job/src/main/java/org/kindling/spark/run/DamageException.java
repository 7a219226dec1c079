package org.kindling.spark.run;

import org.kindling.spark.InputException;

/** A file is not as it was written. */
final class DamageException extends InputException {
  private static final long serialVersionUID = 1;

  DamageException(String message) {
    super(message);
  }

  DamageException(String message, Throwable cause) {
    super(message, cause);
  }
}
