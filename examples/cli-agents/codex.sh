#!/bin/sh
# Lets Codex work on the issue. In heartbeat.yaml: command: [/opt/agent/codex.sh], output: codex.
# Its login is in $HOME; a key would be a variable: inherit: [CODEX_API_KEY].
set -eu
here=$(dirname "$0")
set -- --json --sandbox workspace-write --skip-git-repo-check
if [ -n "${HEARTBEAT_SESSION:-}" ]; then
  set -- "$@" resume "$HEARTBEAT_SESSION"
fi
cat "$here/prompt.md" "$HEARTBEAT_CONTEXT_FILE" | codex exec "$@" -
