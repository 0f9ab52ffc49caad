/**
 * What the workers that let a model work share: how an issue is told to it, and what its words are worth. Each plugin
 * has its own copy, in its own jars.
 */
@NullMarked
package io.heartbeat4j.worker.agent;

import org.jspecify.annotations.NullMarked;
