package org.kindling.spark.command;

import org.kindling.spark.session.Versions;
import picocli.CommandLine.IVersionProvider;

/** What --version says. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"kindling " + Versions.all().get("kindling")};
  }
}
