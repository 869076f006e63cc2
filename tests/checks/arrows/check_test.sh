#!/bin/sh
# The check must find an arrow by its include and by its call alone, a circle, and a table that no
# longer says how things are; each is planted in a copy, which passes without.
# usage: check_test.sh ROOT OBJECTS CC
set -eu
root=$1 objects=$2 cc=$3
check=$1/tests/checks/arrows/check.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

failed=0
fresh() { # a copy without anything planted
    rm -rf copy built
    mkdir copy
    cp -R "$root/protocol" "$root/mock_server" "$root/tui" copy
    cp "$objects" objects
    cp "$root/tests/checks/arrows/table" table
}
plant() { # plant FILE SOURCE: a file more in mock_server's copy
    mkdir -p "copy/mock_server/${1%/*}"
    printf '%s\n' "$2" >"copy/mock_server/$1"
}
build() { # build FILE…: what was planted
    for file; do
        made=built/mock_server/CMakeFiles/planted.dir/$file.o
        mkdir -p "${made%/*}"
        "$cc" -w -Icopy -c "copy/mock_server/$file" -o "$made"
        printf '%s\n' "$made" >>objects
    done
}
expect() { # expect STATUS WHAT SENTENCE…: each is said, in a line of its own, and nothing else
    wanted=$1 what=$2
    shift 2
    status=0
    sh "$check" copy objects table >said 2>&1 || status=$?
    : >expected
    [ $# -eq 0 ] || printf '%s\n' "$@" >expected
    if [ "$status" -ne "$wanted" ] || ! cmp -s expected said; then
        echo "$what: exit $status, expected $wanted; expected and said:"
        cat expected said
        failed=1
    fi
}

fresh
expect 0 "the programs as they are"

fresh
plant base/planted.c '#include "mock_server/engine/outcome.h"'
build base/planted.c
expect 1 "an include" \
    'mock_server/base/planted.c:1: includes mock_server/engine/outcome.h, but base may not use engine'

fresh
plant base/planted.c 'const char *outcome_name(int); const char *planted(void) { return outcome_name(0); }'
build base/planted.c
expect 1 "a call of what was declared by hand" \
    'mock_server/base/planted.c: uses outcome_name of mock_server/engine/outcome.c, but base may not use engine'

fresh
plant base/one.c 'void two(void); void one(void) { two(); }'
plant base/two.c 'void one(void); void two(void) { one(); }'
build base/one.c base/two.c
expect 1 "a circle of calls" 'a circle of files:' \
    '    mock_server/base/one uses two of mock_server/base/two.c' \
    '    mock_server/base/two uses one of mock_server/base/one.c'

fresh
for pair in 'one two' 'two three' 'three one'; do
    plant "base/${pair% *}.h" '#pragma once'
    plant "base/${pair% *}.c" "#include \"mock_server/base/${pair#* }.h\""
done
build base/one.c base/two.c base/three.c
expect 1 "a circle of includes" 'a circle of files:' \
    '    mock_server/base/one includes mock_server/base/two.h' \
    '    mock_server/base/two includes mock_server/base/three.h' \
    '    mock_server/base/three includes mock_server/base/one.h'

# A header is the face of several files, and a header behind it is what they share: no circle.
fresh
plant base/face.h 'void face(void);'
plant base/inside.h '#include "mock_server/base/face.h"'
plant base/face.c '#include "mock_server/base/inside.h"'
build base/face.c
expect 0 "a header that the files behind another share"

fresh
plant base/planted.c '#include "log.h"'
build base/planted.c
expect 1 "an include by another path" \
    'mock_server/base/planted.c:1: includes "log.h", which is no file from the root on'

fresh
plant planted/planted.c 'void planted(void) {}'
build planted/planted.c
expect 1 "a folder without a row" \
    "mock_server/planted/planted: no row of the table says whose room this is"

fresh
plant base/planted.c 'void planted(void) {}'
expect 1 "what isn't built" 'mock_server/base/planted.c: nothing that was built has it'

fresh
echo 'except mock_server/base/log mock_server/engine/outcome' >>table
echo 'planted mock_server/planted cellar' >>table
expect 1 "a table of what isn't so" \
    'except mock_server/base/log mock_server/engine/outcome: it is no more; take the line out of the table' \
    'planted may use cellar, which is no room'

[ "$failed" -eq 0 ]
