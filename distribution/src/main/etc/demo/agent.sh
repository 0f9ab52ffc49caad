#!/bin/sh
# The demo's worker: chooses a result by the issue's title. A real worker would do the work here.
context=$HEARTBEAT_CONTEXT_FILE
title=$(sed -n 's/.*"issue":{[^}]*"title":"\([^"]*\)".*/\1/p' "$context")

case $title in
  "Plan the release")
    if grep -q '"kind":"unblocked"' "$context"; then
      echo "The release is planned: Wren has finished both parts."
    else
      cat > "$HEARTBEAT_RESULT_FILE" <<'RESULT'
{"result": "blocked", "reason": "Wren does the parts; I come back when they are done.", "unblock": {"subtasks": true},
 "delegations": [
   {"title": "Write the release notes", "description": "Short and true.", "assignee": "Wren"},
   {"title": "Tag the version", "description": "As v1.", "assignee": "Wren"}]}
RESULT
    fi
    ;;
  "Buy the licence")
    cat > "$HEARTBEAT_RESULT_FILE" <<'RESULT'
{"result": "needs_review", "summary": "The licence costs 42 dollars; I have asked the board.",
 "review": {"approval": {"title": "Spend 42 dollars", "summary": "For the licence.", "then": "close"}}}
RESULT
    ;;
  *)
    echo "Working on: $title" >&2
    echo "Finished: $title."
    ;;
esac
