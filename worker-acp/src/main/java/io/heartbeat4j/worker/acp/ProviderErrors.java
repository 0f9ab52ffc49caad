package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.acp.agent.AgentFailedException;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.agent.TextTruncator;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What an error of the program means for the issue: programs have no codes for a used up quota, and only one for a
 * missing login, so that their words are looked at.
 */
record ProviderErrors(String program, Preset preset, Clock clock) {

  private static final int AUTHENTICATION_REQUIRED = -32000;
  private static final Duration PAUSE = Duration.ofMinutes(15);
  private static final int LONGEST = 1500;
  private static final Pattern ROOT = Pattern.compile("(?i)bypass_root|as root|root user|sudo privileges");
  private static final Pattern QUOTA = Pattern.compile("(?i)rate.?limit|usage limit|quota|\\b429\\b|\\b529\\b"
      + "|too many requests|overloaded|insufficient.?(funds|balance)|credit balance");
  private static final Pattern LOGIN = Pattern.compile("(?i)not logged in|log ?in|authenticat|unauthori[sz]ed|\\b401\\b"
      + "|api.?key|invalid.{0,20}token|oauth");

  /**
   * The exception for an error.
   *
   * @param aside what the program wrote beside the protocol
   */
  Exception of(JsonRpcException error, String aside) {
    String words = TextTruncator.cutMiddle(error.words(), LONGEST);
    if (ROOT.matcher(words).find()) {
      return new SettingsException("the agent's program " + program + " does not run as root: set 'run-as' to another"
          + " user (its words: " + words + ")");
    }
    if (QUOTA.matcher(words).find()) {
      return new ProviderUnavailableException(clock.instant().plus(PAUSE),
          "The provider of " + program + " takes no calls: " + words);
    }
    if (error.code() == AUTHENTICATION_REQUIRED || LOGIN.matcher(words).find()) {
      return new SettingsException(
          "the agent's program " + program + " is not logged in: " + preset.login() + " (its words: " + words + ")");
    }
    return new AgentFailedException("the agent's program " + program + " reports an error: " + words + aside);
  }
}
