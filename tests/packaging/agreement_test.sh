#!/bin/sh
# The programs' own --help and refusals are the truth; man pages and completions must name the same
# options, environment variables and values, no more and no fewer.
# usage: agreement_test.sh PREFIX
# shellcheck disable=SC2317 # the functions named after shells are called by such a name
set -eu
prefix=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-agreement-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME="$work" LC_ALL=C.UTF-8
unset LANGUAGE INVONCE_LANG
failed=0

# same WHAT EXPECTED-WORDS FOUND-WORDS
same() {
    [ -n "$2" ] || { echo "$1: found nothing to compare with" >&2; exit 1; }
    printf '%s\n' "$2" | tr -d ' ' | sort -u >"$work/expected"
    printf '%s\n' "$3" | tr -d ' ' | sort -u >"$work/found"
    diff "$work/expected" "$work/found" >"$work/diff" && return
    echo "$1: missing (<) or too many (>):" >&2
    grep '^[<>]' "$work/diff" >&2
    failed=1
}

# The options at the head of their paragraphs: "--name VALUE", "--name, --name".
headed_options() {
    grep -oE '^ *--[a-z][a-z-]*.*' | sed 's/, --/\n--/g' | grep -oE '^ *--[a-z-]+'
}

# manual PROGRAM [SECTION]: its text without markup; of one section where one is named.
manual() {
    gzip -dc "$prefix/share/man/man1/$1.1.gz" | sed 's/\\f[A-Z]//g; s/\\-/-/g; s/\\&//g' |
        awk -v wanted="${2-}" '/^\.SH/ { section = substr($0, 5); next } wanted == "" || section == wanted'
}

bash_file() { cat "$prefix/share/bash-completion/completions/$1"; }
zsh_file() { cat "$prefix/share/zsh/site-functions/_$1"; }
fish_file() { cat "$prefix/share/fish/vendor_completions.d/$1.fish"; }

# words_of TEXT: "expected a, b or c", "takes a, b or c, not d", "known here: a or b", as a list.
words_of() {
    printf '%s\n' "$1" | sed -n '1{s/.* expected //; s/.* takes //; s/.* here: //; s/, not .*//; s/ or / /g; s/,/ /g; p;}'
}

# has_values WHAT NAMES TEXT: each name stands in the text as a word of its own.
has_values() {
    for name in $2; do
        printf '%s\n' "$3" | grep -qE "(^|[^a-z-])$name([^a-z-]|\$)" && continue
        echo "$1 doesn't name $name" >&2
        failed=1
    done
}

# in_all PROGRAM NAMES: in its man page and its three completions.
in_all() {
    [ -n "$2" ] || { echo "$1 named no values" >&2; exit 1; }
    has_values "$1.1" "$2" "$(manual "$1")"
    for shell in bash zsh fish; do
        has_values "$1's completion in $shell" "$2" "$("${shell}_file" "$1")"
    done
}

# --- options ---
invonce=$prefix/bin/invonce server=$prefix/bin/invonce-mock-server
help=$("$invonce" --help && for command in create outbox list show config demo; do "$invonce" $command --help; done)
server_help=$("$server" --help && for command in import duplicates deliveries; do "$server" $command --help; done)
for program in invonce invonce-mock-server; do
    [ "$program" = invonce ] && text=$help || text=$server_help
    options=$(printf '%s\n' "$text" | headed_options)
    same "$program.1" "$options" "$(manual $program OPTIONS | headed_options)"
    same "$program's completion in zsh" "$options" \
        "$(zsh_file $program | grep -oE -- '--[a-z-]+=?\[' | tr -d '=[')"
    same "$program's completion in fish" "$options" \
        "$(fish_file $program | grep '^complete' | grep -oE -- ' -l [a-z-]+' | sed 's/ -l /--/')"
done

# --- environment ---
same "invonce.1, ENVIRONMENT" "$(printf '%s\n' "$help" | grep -oE 'INVONCE_[A-Z_]+')" \
    "$(manual invonce ENVIRONMENT | grep -oE 'INVONCE_[A-Z_]+')"

# --- values ---
refusal() { { "$@" >/dev/null || true; } 2>&1; }
faults=$(words_of "$(refusal "$server" --fault nonsense)")
selectors=$(words_of "$(refusal "$server" --fault hang@nonsense=1)" | grep -oE '[a-z]+=' | tr -d =)
in_all invonce-mock-server "$faults $selectors"
for shell in bash zsh fish; do
    has_values "invonce's completion in $shell" "$faults" "$("${shell}_file" invonce)"
done
for option in --bug --without --log-format; do
    in_all invonce-mock-server "$(words_of "$(refusal "$server" $option nonsense)")"
done
for option in --bug --without --lang; do
    in_all invonce "$(words_of "$(refusal "$invonce" demo $option nonsense)")"
done
exit $failed
