/** Finds worker plugins, gives each its own class loader, and binds its settings to its own record. */
@NullMarked
package io.heartbeat4j.plugin;

import org.jspecify.annotations.NullMarked;
