# The client's parts of `run`, which reads this file and has the functions that it uses: `client` is
# one process that creates many records, beside libcurl alone that posts the same bytes in the same
# run; `lines` is its memory with a very long input.
# shellcheck shell=sh disable=SC2154 # variables are run's

client_start() { # client_start: a server on an empty store, an operator without a journal
    rm -rf "${work:?}/home" "$work"/kept.db*
    mkdir "$work/home"
    start_on_empty_store
}

client_note() { # client_note NAME SECONDS RECORDS
    note "client.$1" "$(awk -v seconds="$2" -v records="$3" \
        'BEGIN { printf "%.4f", 1000 * seconds / records }')"
}

# client_run NAME FILE RECORDS IN_FLIGHT: notes milliseconds an intent, and the peak of memory
client_run() {
    client_start
    # How much memory it took is read by tracing it, which a leak check can't bear.
    result=$(ASAN_OPTIONS=detect_leaks=0 HOME=$work/home \
        XDG_STATE_HOME=$work/home/state XDG_CONFIG_HOME=$work/home \
        INVONCE_SERVER=http://127.0.0.1:$port INVONCE_TOKEN=$token INVONCE_IN_FLIGHT=$4 \
        "$tools/bench-client" run "$bin/invonce" create "$2" --json 2>>"$work/log") ||
        fail "invonce with $4 in flight could not be run"
    [ "$(field code "$result")" -eq 0 ] || fail "invonce ended with $(field code "$result")"
    client_note "$1" "$(field seconds "$result")" "$3"
    note "client.$1.kib" "$(field kib "$result")"
    stop
}

client_post() { # client_post NAME FILE RECORDS [DATABASE]
    client_start
    result=$("$tools/bench-client" post "$port" "$token" "$2" ${4+"$4"} 2>>"$work/log") ||
        fail "libcurl could not post"
    client_note "$1" "$(field seconds "$result")" "$3"
    stop
}

client_bench() {
    "$tools/bench-client" lines "$records" B >"$work/records.jsonl"
    for repetition in $(seq "$repetitions"); do
        say "client, repetition $repetition of $repetitions"
        client_post curl "$work/records.jsonl" "$records"
        client_post commit "$work/records.jsonl" "$records" "$work/kept.db"
        client_run one "$work/records.jsonl" "$records" 1
        client_run eight "$work/records.jsonl" "$records" 8
    done
}

lines_bench() {
    say "client, $lines lines"
    "$tools/bench-client" lines "$lines" M >"$work/records.jsonl"
    client_run many "$work/records.jsonl" "$lines" 8
}

client_row() { # client_row LABEL NAME
    awk -v label="$1" -v ms="$(median "client.$2")" \
        'BEGIN { printf "  %-44s %10.3f %10.0f\n", label, ms, 1000 / ms }'
}

client_report() {
    printf 'client: medians of %s, %s records each, server on the same machine: ' "$repetitions" \
        "$records"
    machine
    printf '\n  %-44s %10s %10s\n' '' 'ms each' 'per second'
    client_row 'libcurl alone, new connections' curl
    client_row 'the same, a durable SQLite commit before' commit
    client_row 'invonce create, 1 in flight' one
    client_row 'invonce create, 8 in flight' eight
    printf '\n  %-52s %8s      %-8s %6s\n' 'what is asked of it' 'measured' '' 'bound'
    judge 'an intent / libcurl and a durable commit' \
        "$(ratio "$(median client.one)" "$(median client.commit)")" below 1.3 ''
    judge 'rate of 8 in flight / of 1' \
        "$(ratio "$(median client.one)" "$(median client.eight)")" at-least 3 ''
    judge "memory (peak), $records records" "$(client_mib eight)" below 20 MiB
}

client_mib() { # client_mib NAME
    awk -v kib="$(highest "client.$1.kib")" 'BEGIN { printf "%.1f", kib / 1024 }'
}

lines_report() {
    printf 'client, %s lines in one input: ' "$lines"
    machine
    printf '\n  %-44s %10s %10s\n' '' 'ms each' 'per second'
    client_row 'invonce create, 8 in flight' many
    printf '\n  %-52s %8s      %-8s %6s\n' 'what is asked of it' 'measured' '' 'bound'
    judge "memory (peak), $lines lines" "$(client_mib many)" below 20 MiB
}
