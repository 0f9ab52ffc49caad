/** The plugins of a distribution: installed, listed and removed. */
@NullMarked
package io.heartbeat4j.cli.plugin;

import org.jspecify.annotations.NullMarked;
