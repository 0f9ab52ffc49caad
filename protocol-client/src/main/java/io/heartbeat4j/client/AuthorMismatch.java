package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/**
 * The server attributed a write of this agent to another author, as it does with a token that it no longer knows (contract
 * section 2). The run writes nothing more: such a comment would reopen issues and wake its own author.
 */
public final class AuthorMismatch extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  AuthorMismatch() {
    super("the server took this agent's comment for somebody else's: nothing more is written with this token", 200,
        new ApiError(null, null, null));
  }
}
