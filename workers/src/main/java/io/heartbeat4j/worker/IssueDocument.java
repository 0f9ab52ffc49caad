package io.heartbeat4j.worker;

/**
 * A document on an issue, such as its {@code plan}.
 *
 * @param body Markdown
 * @param revision what a change is based on
 */
public record IssueDocument(String key, String title, String body, String revision) {}
