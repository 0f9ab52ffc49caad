package io.heartbeat4j.cli.shell;

import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * A manual page: the command's help as preformatted text, in troff. Picocli writes AsciiDoc, which needs Asciidoctor and
 * JRuby in the build for the same text.
 */
public record ManualPage(String name, String text) {

  /**
   * The page of one command, named as git names its pages: heartbeat-journal-settle.
   *
   * @param version of heartbeat4j
   */
  public static ManualPage of(CommandLine command, String version) {
    String qualified = command.getCommandSpec().qualifiedName();
    String name = qualified.replace(' ', '-');
    return new ManualPage(name, """
        .TH "%s" "1" "" "heartbeat4j %s" "heartbeat4j"
        .SH NAME
        %s \\- %s
        .SH DESCRIPTION
        .nf
        %s
        .fi
        """.formatted(name.toUpperCase(Locale.ROOT), escape(version), escape(name),
        escape(Commands.summary(command)), escape(command.getUsageMessage(Ansi.OFF).stripTrailing())));
  }

  /** A line that begins with a dot or an apostrophe would be a request; a dash would become a hyphen. */
  private static String escape(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").lines()
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .collect(Collectors.joining("\n"));
  }
}
