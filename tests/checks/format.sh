#!/bin/sh
# Says which C sources clang-format would change, with the house's .clang-format; exit 1 if any.
# usage: format.sh DIRECTORY    (its tracked sources, or all where there is no git)
set -eu
cd "$1"
command -v clang-format >/dev/null || { echo "clang-format is not installed" >&2; exit 2; }

sources=$(git ls-files -- '*.c' '*.h' 2>/dev/null) || sources=
[ -n "$sources" ] || sources=$(find . -name '*.[ch]' -not -path './build/*' -print)
[ -n "$sources" ] || { echo "no C sources in $1" >&2; exit 2; }
# shellcheck disable=SC2086  # one name a word: our file names hold no blanks
exec clang-format --dry-run -Werror $sources
