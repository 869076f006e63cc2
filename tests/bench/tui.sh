# The form's part of `run`, which reads this file and has the functions that it uses: invonce in a
# pseudo-terminal, beside dialog --form that is treated in the same way in the same run.
# shellcheck shell=sh disable=SC2154 # variables are run's

# An operator without a journal, and a server that takes its time: "Saving..." stays to be seen.
tui_start() {
    rm -rf "${work:?}/home" "$work"/store.db*
    mkdir "$work/home"
    start "$server" --listen 127.0.0.1:0 --store "sqlite:$work/store.db" \
        --token "bench:load=$token" --fault delay-before-commit=20ms
}

# tui_measure NAME COMMAND [ARGUMENT]...: notes what bench-tui says
tui_measure() {
    name=$1
    shift
    result=$(env -i PATH="$PATH" HOME="$work/home" XDG_STATE_HOME="$work/home/state" \
        XDG_CONFIG_HOME="$work/home" TERM=xterm-256color LC_ALL=C.UTF-8 \
        INVONCE_SERVER="http://127.0.0.1:$port" INVONCE_TOKEN="$token" \
        "$tools/bench-tui" "$@" 2>"$work/complaint") || fail "$name could not be measured"
    for pair in $result; do
        note "tui.$name.${pair%%=*}" "${pair#*=}"
    done
}

tui_bench() {
    dialog=$(command -v dialog) || fail 'dialog is not there to compare with: apt-get install dialog'
    for repetition in $(seq "$repetitions"); do
        say "form, repetition $repetition of $repetitions"
        tui_start
        tui_measure save save "$bin/invonce" "$saves"
        tui_measure start start invonce "$bin/invonce" "$starts"
        tui_measure dialog.start start dialog "$dialog" "$starts"
        tui_measure keys keys invonce "$bin/invonce" "$keys"
        tui_measure dialog.keys keys dialog "$dialog" "$keys"
        stop
    done
}

tui_row() { # tui_row LABEL NAME
    printf '  %-44s %9.2f %9.2f\n' "$1" "$(median "tui.$2.p50_ms")" "$(median "tui.$2.p99_ms")"
}

tui_mib() { # tui_mib NAME
    awk -v kib="$(highest "tui.$1.kib")" 'BEGIN { printf "%.1f", kib / 1024 }'
}

tui_report() {
    printf 'form: medians of %s, each of %s starts, %s keys and %s invoices: ' "$repetitions" \
        "$starts" "$keys" "$saves"
    machine
    printf '\n  %-44s %9s %9s\n' '' 'p50 ms' 'p99 ms'
    tui_row 'start to the first full screen' start
    tui_row 'dialog --form: the same' dialog.start
    tui_row 'key to echo' keys
    tui_row 'dialog --form: the same' dialog.keys
    tui_row 'Enter to "Saving..."' save
    printf '\n  %-52s %8s      %-8s %6s\n' 'what is asked of it' 'measured' '' 'bound'
    judge 'first full screen / dialog --form' \
        "$(ratio "$(median tui.start.p50_ms)" "$(median tui.dialog.start.p50_ms)")" at-most 3 ''
    judge 'key to echo / dialog --form' \
        "$(ratio "$(median tui.keys.p50_ms)" "$(median tui.dialog.keys.p50_ms)")" at-most 1 ''
    judge "bytes a plain key (dialog --form: $(median tui.dialog.keys.bytes))" \
        "$(median tui.keys.bytes)" at-most 12 ''
    judge 'p99 of Enter to "Saving..." / of key to echo' \
        "$(ratio "$(median tui.save.p99_ms)" "$(median tui.keys.p99_ms)")" at-most 2 ''
    judge "memory (peak; dialog --form: $(tui_mib dialog.keys) MiB)" "$(tui_mib save)" below 16 MiB
}
