#!/bin/sh
# Installs the package in a bare Debian 12, uses it as an operator would, purges it, and compares
# what is there with what was there before: nothing may be left but the operator's own data.
# Needs root and the network, and debootstrap unless TREE names a bare Debian 12 that can be copied.
# usage: bare_debian.sh PACKAGE.deb [TREE]
set -eu

package=$(readlink -f "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-bare-XXXXXX")
tree=$work/tree
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM

say() {
    echo "== $*"
}

fail() {
    echo "bare_debian: $*" >&2
    exit 1
}

# inside COMMAND...: in the tree, with mounts of its own that are gone when the command has ended.
# shellcheck disable=SC2016 # the inner shell's variables
inside() {
    unshare --mount --propagation private sh -c '
        set -e
        tree=$1
        shift
        mount -t proc proc "$tree/proc"
        mount -t tmpfs tmpfs "$tree/dev"
        while read -r name major minor; do
            mknod -m 666 "$tree/dev/$name" c "$major" "$minor"
        done <<NODES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
        ln -s /proc/self/fd "$tree/dev/fd"
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive chroot "$tree" "$@"' sh "$tree" "$@" </dev/null
}

# Its words only when it fails.
quietly() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        fail "failed: $*"
    }
}

as_operator() {
    inside runuser -u ana -- env HOME=/home/ana "$@"
}

# All there is, but for what apt and dpkg remember and cache.
list_tree() {
    (cd "$tree" && find . -xdev \( -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt \
        -o -path ./var/lib/dpkg -o -path ./tmp -o -path ./dev \) -prune -o -print) | LC_ALL=C sort
}

list_packages() {
    # shellcheck disable=SC2016 # dpkg-query's own
    inside dpkg-query -W -f '${Package}\n' | LC_ALL=C sort
}

# --- a bare Debian, and an operator ---
if [ -n "${2-}" ]; then
    say "copying $2"
    cp -a --one-file-system "$2" "$tree"
else
    say "making a bare Debian 12 (this takes a few minutes)"
    quietly debootstrap --variant=minbase bookworm "$tree"
fi
cp /etc/resolv.conf /etc/hosts "$tree/etc/"
inside useradd --create-home ana
quietly inside apt-get -q update
cp "$package" "$tree/tmp/invonce.deb"
cp "$here/bare_debian_use.sh" "$tree/tmp/use.sh"
list_tree >"$work/before"
list_packages >"$work/packages"

# --- install, use ---
say "apt-get install $(basename "$package")"
quietly inside apt-get -q install -y /tmp/invonce.deb
[ -z "$(inside dpkg --verify invonce)" ] || fail "dpkg --verify complains"
sed 's|zsh/site-functions|zsh/vendor-completions|; s|^|/usr/|' "$here/installed_files.txt" |
    LC_ALL=C sort >"$work/expected"
inside dpkg -L invonce | while read -r path; do
    [ -d "$tree$path" ] || echo "$path"
done | LC_ALL=C sort >"$work/found"
diff -u "$work/expected" "$work/found" >&2 || fail "other files than expected (+) were installed"

say "both programs, as an operator"
as_operator sh /tmp/use.sh || fail "they don't run as they should"

say "man pages and completion"
quietly inside apt-get -q install -y --no-install-recommends man-db bash-completion
for page in invonce invonce-mock-server; do
    as_operator man -P cat "$page" >"$work/page" 2>"$work/errors" || fail "man $page fails"
    [ ! -s "$work/errors" ] || fail "man $page says: $(cat "$work/errors")"
    grep -q '^SEE ALSO' "$work/page" || fail "man $page is cut short"
    as_operator man -f "$page" | grep -q "^$page (1)" || fail "man -f doesn't know $page"
    # shellcheck disable=SC2016 # the inner shell's
    as_operator bash -c '. /usr/share/bash-completion/bash_completion
        _completion_loader "$1"
        complete -p "$1"' bash "$page" >"$work/completion" || fail "bash finds no completion of $page"
done

# --- purge ---
say "apt-get purge"
quietly inside apt-get -q purge -y invonce
# All that came with it goes too, as autoremove would leave what another package recommends.
others=$(list_packages | LC_ALL=C comm -13 "$work/packages" - | tr '\n' ' ')
# shellcheck disable=SC2086 # a list of words
quietly inside apt-get -q purge -y $others
if inside dpkg-query -W invonce >/dev/null 2>&1; then fail "dpkg still knows it"; fi
list_tree >"$work/after"
left=$(LC_ALL=C comm -13 "$work/before" "$work/after" | grep -v '^\./home/ana/' || true)
[ -z "$left" ] || fail "purge left: $(echo "$left" | head -n 20)"
gone=$(LC_ALL=C comm -23 "$work/before" "$work/after")
[ -z "$gone" ] || fail "purge took what it hadn't brought: $(echo "$gone" | head -n 20)"
[ -f "$tree/home/ana/.local/state/invonce/journal.db" ] || fail "purge took the operator's journal"
say "all is well; left, and the operator's own:"
LC_ALL=C comm -13 "$work/before" "$work/after"
