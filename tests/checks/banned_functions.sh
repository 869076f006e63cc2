#!/bin/sh
# Finds calls of functions that this project does without, in C sources: file:line and exit 1.
# usage: banned_functions.sh DIRECTORY    (its tracked sources, or all where there is no git)
set -eu
cd "$1"

sources=$(git ls-files -- '*.c' '*.h' 2>/dev/null) || sources=
[ -n "$sources" ] || sources=$(find . -name '*.[ch]' -not -path './build/*' -print)
[ -n "$sources" ] || { echo "no C sources in $1" >&2; exit 2; }

# Comments and string literals are left out, so that only code is judged (a scanf is judged by its
# whole line, format and all).
# shellcheck disable=SC2086  # one name a word: our file names hold no blanks
awk '
function report(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; found = 1 }

function code_of(line,    out, at, two, one) {
    out = ""
    for (at = 1; at <= length(line); at++) {
        two = substr(line, at, 2); one = substr(line, at, 1)
        if (in_comment) { if (two == "*/") { in_comment = 0; at++ } continue }
        if (quote != "") {
            if (one == "\\") at++
            else if (one == quote) { quote = ""; out = out one }
            continue
        }
        if (two == "//") break
        if (two == "/*") { in_comment = 1; at++; continue }
        if (one == "\"" || one == "\047") quote = one
        out = out one
    }
    quote = ""
    return out
}

BEGIN {
    count = split("strcpy strcat stpcpy sprintf vsprintf gets strtok atoi atol atoll atof alloca " \
                  "system popen", banned, " ")
}
FNR == 1 { in_comment = 0 }
{
    code = code_of($0)
    for (i = 1; i <= count; i++)
        if (code ~ ("(^|[^A-Za-z0-9_])" banned[i] "[ \t]*\\(")) report(banned[i])
    if (code ~ /(^|[^A-Za-z0-9_])v?[fs]?w?scanf[ \t]*\(/ && $0 ~ /%[*0-9]*l?[s\[]/) report("scanf with %s")
}
END { exit found }
' $sources
