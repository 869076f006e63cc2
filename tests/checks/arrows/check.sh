#!/bin/sh
# Says which file of the programs uses what its room may not, by the table beside this script, and
# which files use each other in a circle; exit 1 if any.
# usage: check.sh ROOT OBJECTS [TABLE]    OBJECTS names a file of what was built, an object a line
set -eu
export LC_ALL=C
table=${3:-$(dirname "$0")/table}
objects=$2
[ -s "$objects" ] || { echo "$objects names no objects" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# PATH/mock_server/CMakeFiles/store.dir/base/log.c.o was made from mock_server/base/log.c.
source_of='s#^.*/\(protocol\|mock_server\|tui\)/CMakeFiles/[^/]*\.dir/\(\./\)*\(.*\)\.o'
cp "$table" "$work/table"
sed -n "$source_of\$#\1/\3#p" "$objects" >"$work/built"
# A function that is declared by hand hides from the includes, but not from here.
tr '\n' '\0' <"$objects" | xargs -0 nm -A -P -g >"$work/nm"
sed -n "$source_of: \([^ ]*\) \(.\).*#\1/\3 \4 \5#p" "$work/nm" >"$work/symbols"
cd "$1"
# tui/po has no code in it.
find protocol mock_server tui -path tui/po -prune -o '(' -name '*.[ch]' -o -name '*.def' ')' -print | sort >"$work/files"
tr '\n' '\0' <"$work/files" | xargs -0 grep -n '^#include "' /dev/null >"$work/includes"

awk -f - "$work/table" "$work/files" "$work/includes" "$work/built" "$work/symbols" <<'AWK'
function complain(text) { print text; failed = 1 }

# What a header and its .c share: their path without the ending.
function stem_of(file) { sub(/\.([ch]|def)$/, "", file); return file }

function lies_in(stem, place,    rest) {
    rest = substr(stem, length(place) + 1)
    return substr(stem, 1, length(place)) == place && (rest == "" || rest ~ /^\// || place ~ /\/$/)
}

# The room that names the most of its path.
function room_of(stem,    i, best) {
    if (!(stem in rooms)) {
        best = 0
        for (i = 1; i <= places; i++)
            if (lies_in(stem, place[i]) && (!best || length(place[i]) > length(place[best]))) best = i
        rooms[stem] = best ? room[best] : ""
        if (!best) complain(stem ": no row of the table says whose room this is")
    }
    return rooms[stem]
}

function may_use(from, to_stem,    i, count, allowed) {
    if (from == room_of(to_stem)) return 1
    count = split(uses[from], allowed, " ")
    for (i = 1; i <= count; i++)
        if (allowed[i] == room_of(to_stem) || (allowed[i] ~ /\// && lies_in(to_stem, allowed[i])))
            return 1
    return 0
}

# One file uses another: `where` and `how` are for the complaint; `binds` says that it counts for
# circles.
function arrow(from, to, where, how, binds) {
    if (from == to || room_of(from) == "" || room_of(to) == "") return
    if ((from, to) in excepted) { excepted[from, to] = "met"; return }
    if (!may_use(room_of(from), to) && !((from, to) in told)) {
        complain(where ": " how ", but " room_of(from) " may not use " room_of(to))
        told[from, to] = 1
    }
    if (binds && !((from, to) in edge)) {
        edge[from, to] = how
        targets[from] = targets[from] " " to
        if (!(from in left)) { left[from] = 1; order[++nodes] = from }
    }
}

# Files that use only what is in no circle, and so on, are in none.
function peel(    i, k, count, list, again, stuck) {
    do {
        again = 0
        for (i = 1; i <= nodes; i++) {
            if (!(order[i] in left)) continue
            stuck = 0
            count = split(targets[order[i]], list, " ")
            for (k = 1; k <= count; k++) stuck = stuck || (list[k] in left)
            if (!stuck) { delete left[order[i]]; again = 1 }
        }
    } while (again)
}

# The shortest way from a file back to itself, in `way`; its length, 0: there is none.
function way_back(start,    head, tail, queue, from, at, list, count, k, steps) {
    split("", from)
    head = tail = 1
    queue[1] = start
    while (head <= tail) {
        at = queue[head++]
        count = split(targets[at], list, " ")
        for (k = 1; k <= count; k++) {
            if (!(list[k] in left) || (list[k] in from)) continue
            from[list[k]] = at
            if (list[k] == start) {
                for (steps = 1; at != start; at = from[at]) way[steps++] = at
                way[steps] = start
                return steps
            }
            queue[++tail] = list[k]
        }
    }
    return 0
}

function tell_circles(    i, steps, shortest, at, k, next_one) {
    for (peel();; peel()) {
        shortest = 0
        for (i = 1; i <= nodes; i++)
            if (order[i] in left) {
                steps = way_back(order[i])
                if (steps && (!shortest || steps < shortest)) { shortest = steps; at = order[i] }
            }
        if (!shortest) return
        way_back(at)
        complain("a circle of files:")
        for (k = shortest; k >= 1; k--) {
            next_one = way[k > 1 ? k - 1 : shortest]
            print "    " way[k] " " edge[way[k], next_one]
            delete left[way[k]]
        }
    }
}

FNR == 1 { input++ }

input == 1 && /^[ \t]*(#|$)/ { next }
input == 1 && $1 == "except" {
    excepted[$2, $3] = "unmet"
    exceptions[++exception_count] = $2 SUBSEP $3
    next
}
input == 1 {
    count = split($2, list, ",")
    for (i = 1; i <= count; i++) { place[++places] = list[i]; room[places] = $1 }
    for (i = 3; i <= NF && $i != "-"; i++) uses[$1] = uses[$1] " " $i
    known[$1] = 1
}

input == 2 { is_file[$0] = 1; files[++file_count] = $0; room_of(stem_of($0)) }

input == 3 {
    split($0, part, ":")
    target = $0
    sub(/^[^"]*"/, "", target)
    sub(/".*/, "", target)
    if (!(target in is_file)) {
        complain(part[1] ":" part[2] ": includes \"" target "\", which is no file from the root on")
        next
    }
    # A header with no .c of its own is the face of several files; to include it binds to none of
    # them, to call them does.
    arrow(stem_of(part[1]), stem_of(target), part[1] ":" part[2], "includes " target,
          part[1] ~ /\.h$/ || (stem_of(target) ".c") in is_file)
}

input == 4 { built[$0] = 1 }

# What is no file any more was left by an older build; what is no file yet is made by the build.
input == 5 && !($1 in is_file) { next }
input == 5 {
    top = substr($1, 1, index($1, "/") - 1)
    if ($3 == "U") { user[++users] = $1; wanted[users] = $2 }
    else defined[top, $2] = $1
}

END {
    for (i = 1; i <= file_count; i++)
        if (files[i] ~ /\.c$/ && !(files[i] in built)) complain(files[i] ": nothing that was built has it")
    for (i = 1; i <= users; i++) {
        top = substr(user[i], 1, index(user[i], "/") - 1)
        if ((top, wanted[i]) in defined) target = defined[top, wanted[i]]
        else if (("protocol", wanted[i]) in defined) target = defined["protocol", wanted[i]]
        else continue
        arrow(stem_of(user[i]), stem_of(target), user[i], "uses " wanted[i] " of " target, 1)
    }
    tell_circles()
    for (i = 1; i <= exception_count; i++)
        if (excepted[exceptions[i]] == "unmet") {
            split(exceptions[i], part, SUBSEP)
            complain("except " part[1] " " part[2] ": it is no more; take the line out of the table")
        }
    for (name in uses) {
        count = split(uses[name], list, " ")
        for (i = 1; i <= count; i++)
            if (list[i] !~ /\// && !(list[i] in known)) complain(name " may use " list[i] ", which is no room")
    }
    exit failed
}
AWK
