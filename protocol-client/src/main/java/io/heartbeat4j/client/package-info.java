/**
 * The client of a Paperclip server's REST API, on Vert.x event loops.
 *
 * <p>One {@link io.heartbeat4j.client.PaperclipClient} per server, shared by all agents; an {@link
 * io.heartbeat4j.client.AgentSession} per agent, a {@link io.heartbeat4j.client.RunSession} per run, and an {@link
 * io.heartbeat4j.client.IssueLease} per issue that a run has checked out. Every call returns at once; its future
 * completes on the caller's Vert.x context and fails with a {@link io.heartbeat4j.client.PaperclipException} and with
 * nothing else. "Contract" means the recorded behaviour of server 2026.916.1.
 */
@NullMarked
package io.heartbeat4j.client;

import org.jspecify.annotations.NullMarked;
