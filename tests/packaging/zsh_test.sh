#!/bin/sh
# The completions in zsh, by a real Tab in one, where it is installed.
# usage: zsh_test.sh PREFIX
set -eu
command -v zsh >/dev/null || { echo "zsh is not installed"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-zsh-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME="$work" LC_ALL=C.UTF-8 TERM=xterm
cd "$work"
touch one.json many.jsonl other.txt
failed=0

# offers LINE EXPECTED-WORDS: just these are offered at the line's end.
offers() {
    line=$1
    shift
    offered=$(timeout 30 zsh -f "$here/offers.zsh" "$prefix" "$line" | sort -u | tr '\n' ' ')
    [ "$offered" = "$(printf '%s\n' "$@" | sort -u | tr '\n' ' ')" ] && return
    printf 'at "%s"\n  expected: %s\n  offered:  %s\n' "$line" "$*" "$offered" >&2
    failed=1
}

offers 'invonce ' create outbox list show config demo
offers 'invonce list --cs' --csv
offers 'invonce --re' --recover --retry-budget
offers 'invonce create ' one.json many.jsonl
offers 'invonce create --j' --json
offers 'invonce outbox ' list resume seen
offers 'invonce demo --fault=dr' drip drop-before drop-response
offers 'invonce-mock-server --lo' --log-format
offers 'invonce-mock-server duplicates ' find merge enforce undo
offers 'invonce-mock-server --store sqlite:o' one.json other.txt
offers 'invonce-mock-server --fault hang@attempt=1,e' every endpoint
offers 'invonce-mock-server --bug no-' no-lease no-tenant
exit $failed
