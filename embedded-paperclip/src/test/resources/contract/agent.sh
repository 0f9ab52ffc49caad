#!/bin/sh
# An agent under a test's control: writes its environment to a file, then waits for a file that says how to end.
dir="$AGENT_DUMP_DIR"
run="$PAPERCLIP_RUN_ID"
umask 000
on_term() {
  : > "$dir/$run.term"
  sleep "${AGENT_TERM_SECONDS:-0}"
  : > "$dir/$run.gone"
  exit 143
}
trap on_term TERM
echo "agent started $run"
env -0 > "$dir/$run.tmp" && mv "$dir/$run.tmp" "$dir/$run.env"
while [ ! -e "$dir/$run.stop" ]; do
  sleep 0.05
done
exit "$(cat "$dir/$run.stop")"
