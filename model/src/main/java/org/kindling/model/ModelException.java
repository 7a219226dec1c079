package org.kindling.model;

/**
 * A model that cannot be built or read: a setting out of range, a damaged weights file, weights
 * that do not fit the settings. The message has the name, the value and the rule, and is meant for
 * the user as it stands.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
