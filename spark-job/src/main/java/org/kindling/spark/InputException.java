package org.kindling.spark;

/**
 * Something the user gave that a job cannot take: a setting, a path, a run directory.
 *
 * <p>The message has the name, the value and the rule, in one line; the command line prints it and
 * nothing else.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
