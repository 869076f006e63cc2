#!/bin/sh
# The check must find each banned call, name its place, and leave innocent code alone.
set -eu
check=$1/banned_functions.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0
expect() { # expect STATUS WHAT SOURCE
    printf 'int first;\n%s\n' "$3" >"$work/planted.c"
    status=0
    # The directory is no checkout, whatever is above it.
    output=$(GIT_CEILING_DIRECTORIES=${work%/*} sh "$check" "$work") || status=$?
    if [ "$status" -ne "$1" ] || { [ "$1" -eq 1 ] && [ "$output" != "./planted.c:2: $2" ]; }; then
        echo "exit $status, said \"$output\" for: $3"
        failed=$((failed + 1))
    fi
}

for name in strcpy strcat stpcpy sprintf vsprintf gets strtok atoi atol atoll atof alloca system popen
do
    expect 1 "$name" "    $name(x);"
    expect 1 "$name" "a=$name (x); /* and a comment */"
    expect 0 "$name" "    my_$name(x); ${name}_r(x); $name;"
    expect 0 "$name" "    /* $name(x) */ // $name(x)"
    expect 0 "$name" "    say(\"$name(x)\");"
done
expect 1 "scanf with %s" '    sscanf(text, "%d %s", &n, word);'
expect 1 "scanf with %s" '    fscanf(file, "%10[a-z]", word);'
expect 0 "" '    sscanf(text, "%d", &n);'
expect 0 "" '    snprintf(b, sizeof b, "%s", t); vsnprintf(b, 1, f, a);'
expect 0 "" '    fgets(line, 10, file); asprintf(&t, "%s", s); char c = 0; /* it'"'"'s atoi(x) */'

empty=$(mktemp -d -p "$work")
if GIT_CEILING_DIRECTORIES=$work sh "$check" "$empty" 2>/dev/null; then
    echo "a directory without sources passed"
    failed=$((failed + 1))
fi
[ "$failed" -eq 0 ]
