/** Models of providers: how one is called, and what its refusals mean. */
@NullMarked
package io.heartbeat4j.worker.llm.provider;

import org.jspecify.annotations.NullMarked;
