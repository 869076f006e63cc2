#!/bin/sh
# Says which program was built without its assertions; exit 1 if any.
# usage: assertions.sh PROGRAM...
set -eu
failed=0
for program in "$@"; do
    nm "$program" | grep -q ' U __assert_fail' ||
        { echo "$program: what it asserts isn't looked at (NDEBUG)"; failed=1; }
done
exit $failed
