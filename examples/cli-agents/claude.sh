#!/bin/sh
# Lets Claude Code work on the issue. In heartbeat.yaml: command: [/opt/agent/claude.sh], output: claude.
# Its login is in $HOME; a key would be a variable: inherit: [ANTHROPIC_API_KEY].
set -eu
here=$(dirname "$0")
exec claude -p "$(cat "$here/prompt.md")" --output-format stream-json --verbose \
  --permission-mode acceptEdits --allowedTools "${CLAUDE_TOOLS:-Read,Edit,Write,Glob,Grep}" --max-turns "${CLAUDE_TURNS:-50}" \
  ${HEARTBEAT_SESSION:+--resume "$HEARTBEAT_SESSION"} <"$HEARTBEAT_CONTEXT_FILE"
