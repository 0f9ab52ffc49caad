package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/**
 * A document on an issue, such as its {@code plan}.
 *
 * @param body Markdown
 * @param revision what a change is based on
 */
@API(status = API.Status.STABLE, since = "1.0")
public record IssueDocument(String key, String title, String body, String revision) {}
