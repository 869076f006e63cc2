#!/bin/sh
# fish's completion, run by fish, where there is one.
# usage: fish_test.sh PREFIX
set -eu
command -v fish >/dev/null || { echo "fish is not installed"; exit 77; }
prefix=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-fish-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME="$work" LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME XDG_DATA_HOME
cd "$work"
touch one.json many.jsonl
failed=0

# offers LINE EXPECTED-WORDS: these are among what is offered at the line's end, or, with !, not.
offers() {
    line=$1
    shift
    # shellcheck disable=SC2016 # fish's variables
    offered=$(PATH="$prefix/bin:$PATH" fish --no-config -c '
        for program in invonce invonce-mock-server
            source $argv[1]/share/fish/vendor_completions.d/$program.fish
        end
        complete -C $argv[2] | string replace -r "\t.*" ""; or true' "$prefix" "$line")
    for word in "$@"; do
        if printf '%s\n' "$offered" | grep -qFx -- "${word#!}"; then found=yes; else found=no; fi
        [ "$found" = yes ] && [ "${word#!}" = "$word" ] && continue
        [ "$found" = no ] && [ "${word#!}" != "$word" ] && continue
        printf 'at "%s", for %s, offered:\n%s\n' "$line" "$word" "$offered" >&2
        failed=1
    done
}

offers 'invonce ' create outbox list show config demo
offers 'invonce list --' --since --csv --server '!--prefill' '!--key'
offers 'invonce outbox ' list resume seen '!create'
offers 'invonce outbox resume ' '!list'
offers 'invonce --' --prefill --recover --server --version '!--json' '!--fault'
offers 'invonce create --' --json --key --server '!--prefill' '!--fault'
offers 'invonce create ' one.json many.jsonl
offers 'invonce demo --' --fault --prefill '!--json'
offers 'invonce demo --fault ' drop-response status=
offers 'invonce demo --fault=hang@p=1,e' --fault=hang@p=1,every= '!--fault=hang'
offers 'invonce-mock-server ' serve import duplicates
offers 'invonce-mock-server duplicates ' find merge enforce undo '!serve'
offers 'invonce-mock-server --store ' sqlite:
offers 'invonce-mock-server --store sqlite:one' sqlite:one.json
offers 'invonce-mock-server --fault drop-before@' drop-before@attempt= '!drop-before'
offers 'invonce-mock-server --without ' unique idempotency
offers 'invonce-mock-server --bug ' cache-5xx no-lease
offers 'invonce-mock-server --log-format ' logfmt json
exit $failed
