#!/bin/sh
# cmake --install brings exactly the files of installed_files.txt, readable by all, and the programs
# run from where they were put.
# usage: install_test.sh CMAKE BUILD-DIRECTORY TREE     (TREE is made anew, and left for other tests)
set -eu
cmake=$1 build=$2 tree=$3
here=$(dirname "$0")

fail() {
    echo "$*" >&2
    exit 1
}

rm -rf "$tree"
mkdir -p "$tree"
(umask 077 && DESTDIR=$tree "$cmake" --install "$build" --prefix /usr >"$tree/log") || {
    cat "$tree/log" >&2
    fail "cmake --install failed"
}
rm "$tree/log"

(cd "$tree/usr" && find . -type f -o -type l) | sed 's|^\./||' | LC_ALL=C sort >"$tree/files"
diff -u "$here/installed_files.txt" "$tree/files" >&2 || fail "other files than expected (+) were installed"
[ "$(ls "$tree")" = "files
usr" ] || fail "something was installed beside /usr: $(ls "$tree")"

odd=$(find "$tree/usr/bin" -type f ! -perm 755 && find "$tree/usr/share" -type f ! -perm 644)
[ -z "$odd" ] || fail "odd permissions: $odd"

# The programs, with a home of their own.
home=$tree/home
mkdir "$home"
for program in invonce invonce-mock-server; do
    said=$(env -i HOME="$home" LC_ALL=C.UTF-8 "$tree/usr/bin/$program" --version)
    [ "${said#"$program "[0-9]}" != "$said" ] || fail "$program --version said: $said"
done
env -i HOME="$home" LC_ALL=C.UTF-8 TMPDIR="$home" "$tree/usr/bin/invonce" demo \
    </dev/null >"$home/demo" 2>&1 || {
    cat "$home/demo" >&2
    fail "the demonstration failed in the installed program"
}
grep -q 'Invoice created' "$home/demo" || fail "the demonstration created nothing: $(cat "$home/demo")"

# Its translation comes from the installed catalogue.
said=$(env -i HOME="$home" LC_ALL=C.UTF-8 "$tree/usr/bin/invonce" --lang=pt_BR --retry-budget=x 2>&1) || true
[ "${said#*não}" != "$said" ] || fail "in Portuguese it said: $said"
