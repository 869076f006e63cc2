#!/bin/bash
# The installed completions, run by bash as it does at a Tab.
# usage: completion_test.bash PREFIX
set -u
prefix=$1
library=/usr/share/bash-completion/bash_completion
[ -r $library ] || { echo "bash-completion is not installed" >&2; exit 1; }
# shellcheck source=/dev/null
. $library
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-completion-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work PATH=$prefix/bin:$PATH
cd "$work" || exit 1
touch one.json many.jsonl other.txt store.db
failed=0
# shellcheck disable=SC2317
compopt() { :; } # bash allows it only at a real Tab

for program in invonce invonce-mock-server; do
    # shellcheck source=/dev/null
    . "$prefix/share/bash-completion/completions/$program"
done

COMP_WORDBREAKS=$' \t\n"\'><=;|&(:' # as bash-completion leaves it

# replies LINE: what is offered at its end, sorted, a blank between. The line is split as readline does.
replies() {
    local line=$1 rest word command
    COMP_WORDS=() COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE=9 COMP_KEY=9 COMPREPLY=()
    for word in $line; do
        rest=$word
        while [[ $rest =~ ^([^=:]*)([=:]+)(.*)$ ]]; do
            [[ -n ${BASH_REMATCH[1]} ]] && COMP_WORDS+=("${BASH_REMATCH[1]}")
            COMP_WORDS+=("${BASH_REMATCH[2]}")
            rest=${BASH_REMATCH[3]}
        done
        [[ -n $rest ]] && COMP_WORDS+=("$rest")
    done
    [[ $line == *[[:blank:]] ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    command=${COMP_WORDS[0]}
    "_${command//-/_}" "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]-}"
    printf '%s\n' "${COMPREPLY[@]-}" | LC_ALL=C sort -u | tr '\n' ' ' | sed 's/^ *//; s/ *$//'
}

offers() { # offers LINE EXPECTED
    local found
    found=$(replies "$1")
    [[ $found == "$2" ]] && return
    printf 'at "%s"\n  expected: %s\n  offered:  %s\n' "$1" "$2" "$found" >&2
    failed=1
}

# The options that COMMAND --help names.
options() {
    "$@" --help | grep -oE '^ *--[a-z-]+( [A-Z]+)?(, --[a-z-]+)*' | grep -oE -- '--[a-z-]+' |
        LC_ALL=C sort -u | tr '\n' ' '
}

# Where --help itself isn't named, it is understood all the same.
with_help() {
    printf '%s\n' "$@" --help | LC_ALL=C sort -u | tr '\n' ' ' | sed 's/ *$//'
}

offers 'invonce ' '--help --version config create demo list outbox show'
offers 'invonce o' 'outbox'
offers 'invonce outbox ' 'list resume seen'
offers 'invonce outbox resume ' ''
# shellcheck disable=SC2046 # a list of words
{
    offers 'invonce create --' "$(with_help $(options invonce create))"
    offers 'invonce --' "$(with_help $(options invonce))"
    offers 'invonce demo --' "$(with_help $(options invonce demo))"
    offers 'invonce outbox --' "$(with_help $(options invonce outbox))"
    offers 'invonce outbox resume --' "$(with_help $(options invonce outbox))"
    offers 'invonce-mock-server --' "$(with_help $(options invonce-mock-server))"
    offers 'invonce-mock-server serve --' "$(with_help $(options invonce-mock-server))"
}
offers 'invonce --rec' '--recover'
offers 'invonce --v' '--version'
offers 'invonce --prefill ' 'one.json'
offers 'invonce --prefill=o' 'one.json'
offers 'invonce --token-file ot' 'other.txt'
offers 'invonce --server http' ''
offers 'invonce --lang=' 'en pt_BR'
offers 'invonce create ' 'many.jsonl one.json'
offers 'invonce create --json m' 'many.jsonl'
offers 'invonce demo --fault crash' 'crash-after-commit crash-before-commit'
offers 'invonce demo --fault drop-response@a' 'drop-response@attempt='
offers 'invonce demo --bug n' 'new-key-per-retry no-lock'
offers 'invonce demo --without=' 'idempotency unique'
offers 'invonce-mock-server ' 'deliveries duplicates import serve'
offers 'invonce-mock-server duplicates ' 'enforce find merge undo'
offers 'invonce-mock-server duplicates merge --take' '--take-lines'
offers 'invonce-mock-server import ma' 'many.jsonl'
offers 'invonce-mock-server deliveries ' 'discard list retry'
offers 'invonce-mock-server --store ' 'postgresql:// sqlite:'
offers 'invonce-mock-server --store sq' 'sqlite:'
offers 'invonce-mock-server --store sqlite:st' 'store.db'
offers 'invonce-mock-server --store=sqlite:st' 'store.db'
offers 'invonce-mock-server --fault status' 'status-after-commit= status='
offers 'invonce-mock-server --fault=dr' 'drip= drop-before drop-response'
offers 'invonce-mock-server --fault hang@e' 'hang@endpoint= hang@every='
offers 'invonce-mock-server --fault status=503@p=0.2,e' '0.2,endpoint= 0.2,every='
offers 'invonce-mock-server --without ' 'idempotency unique'
offers 'invonce-mock-server --bug no-' 'no-lease no-tenant'
offers 'invonce-mock-server --log-format=j' 'json'
exit $failed
