# The part of `run` about more than one process and about big stores; `run` reads this file and has the
# functions that it uses. Servers stand on a PostgreSQL of their own, which with-postgres has started.
# shellcheck shell=sh disable=SC2154 # variables are run's

scale_tenants=100
scale_many_connections=256 # to fill a store

scale_url() { # scale_url DATABASE
    printf 'postgresql:///%s?host=%s&user=postgres\n' "$1" "$INVONCE_TEST_POSTGRES"
}

scale_sql() { # scale_sql STATEMENT...
    for statement in "$@"; do
        psql -XAtq -v ON_ERROR_STOP=1 "$(scale_url postgres)" -c "$statement" 2>>"$work/log" ||
            fail "PostgreSQL refuses: $statement"
    done
}

# A new store, made by the first server that starts on it.
scale_new() { # scale_new KIND NAME: sets store
    case $1 in
    sqlite)
        rm -f "$work/$2.db"*
        store=sqlite:$work/$2.db
        ;;
    postgresql)
        scale_sql "DROP DATABASE IF EXISTS $2 WITH (FORCE)" "CREATE DATABASE $2"
        store=$(scale_url "$2")
        ;;
    esac
}

scale_tokens() {
    seq 0 $((scale_tenants - 1)) |
        awk -v token="$token" '{ printf "t%04d:load=%s-%04d\n", $1, token, $1 }' >"$work/tokens"
}

scale_start() { # scale_start COUNT STORE: servers, which are in $others; sets ports
    ports=
    : >"$work/log"
    for _ in $(seq "$1"); do
        start "$server" --listen 127.0.0.1:0 --store "$2" --tokens-file "$work/tokens"
        others="$others $pid"
        ports="$ports --port $port"
        pid=
    done
}

scale_stop() {
    for one in $others; do
        kill "$one"
    done
    for one in $others; do
        wait "$one" || fail "a server ended with $?"
    done
    others=
}

# Of all that has to do with a create, in clock ticks.
scale_cpu() { # scale_cpu servers|postgres
    first=$(head -n 1 "$INVONCE_TEST_POSTGRES/data/postmaster.pid")
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v which="$1" -v servers=" $others " -v first="$first" '{
        pid = $1
        sub(/^.*\) /, "") # the name, which may have blanks; what is left begins with state and parent
        if (which == "servers" && index(servers, " " pid " ") || which == "postgres" && $2 == first)
            sum += $12 + $13
        if (which == "postgres" && pid == first)
            sum += $12 + $13 + $14 + $15
    } END { print sum + 0 }'
}

# scale_load NAME KIND TENANTS CONNECTIONS [OPTION]...: notes NAME.rate, and what a create took of the
# processors: NAME.servers_us, NAME.postgres_us
scale_load() {
    name=$1
    kind=$2
    tenants=$3
    connections=$4
    shift 4
    servers_before=$(scale_cpu servers)
    postgres_before=$(scale_cpu postgres)
    # shellcheck disable=SC2086 # options and their values
    result=$("$tools/bench-load" $ports --token "$token" --tenants "$tenants" --kind "$kind" \
        --connections "$connections" "$@" 2>"$work/complaint") || fail "$name failed"
    creates=$(field requests "$result")
    note "$name.rate" "$(field rate "$result")"
    note "$name.p99" "$(field p99_ms "$result")"
    scale_note_cpu "$name.servers_us" $(($(scale_cpu servers) - servers_before))
    scale_note_cpu "$name.postgres_us" $(($(scale_cpu postgres) - postgres_before))
}

scale_note_cpu() { # scale_note_cpu NAME TICKS
    note "$1" "$(awk -v ticks="$2" -v second="$(getconf CLK_TCK)" -v creates="$creates" \
        'BEGIN { printf "%.1f\n", 1000000 * ticks / second / creates }')"
}

scale_note_memory() { # scale_note_memory NAME: the greatest of the servers that run
    for one in $others; do
        pid=$one
        note "$1" "$(memory_mib VmHWM)"
    done
    pid=
}

# --- one process and several ---

scale_processes() { # scale_processes TENANTS COUNT CONNECTIONS
    name=scale.$1.$2.$3
    scale_new postgresql processes
    scale_start "$2" "$store"
    scale_fill "$1" 0 "$scale_warm_up"
    # shellcheck disable=SC2086 # an option and its value
    scale_load "$name" create-v7 "$1" "$3" $bound
    scale_note_memory "$name.memory"
    scale_stop
}

# The rows that one process has just written.
scale_ceiling() { # scale_ceiling TENANTS
    for way in '' arrays; do
        # shellcheck disable=SC2086 # there or not
        result=$("$tools/bench-postgres-ceiling" "$store" 64 "$scale_warm_up" $way \
            2>"$work/complaint") || fail 'the ceiling failed'
        note "scale.$1.ceiling$way" "$(field rate "$result")"
    done
}

scale_many_processes() {
    for repetition in $(seq "$repetitions"); do
        for tenants in "$scale_tenants" 1; do
            say "processes, $tenants tenants, repetition $repetition of $repetitions"
            scale_processes "$tenants" 1 64
            scale_ceiling "$tenants"
            for count in 2 4; do
                scale_processes "$tenants" "$count" 64
                scale_processes "$tenants" "$count" $((count * 64))
            done
        done
    done
}

# --- a store that grows ---

scale_fill() { # scale_fill TENANTS FROM UNTIL
    filled=$2
    while [ "$filled" -lt "$3" ]; do
        batch=$(($3 - filled < 100000 ? $3 - filled : 100000))
        # shellcheck disable=SC2086 # options and their values
        "$tools/bench-load" $ports --token "$token" --tenants "$1" --kind create-v7 \
            --connections "$scale_many_connections" --requests "$batch" \
            >/dev/null 2>"$work/complaint" || fail 'a store could not be filled'
        : >"$work/log" # a line for each
        filled=$((filled + batch))
        [ "$filled" -lt 100000 ] || say "filling: $filled of $3 invoices"
    done
}

scale_big_store() { # scale_big_store KIND: sets store
    case $1 in
    sqlite) store=sqlite:$work/big.db ;;
    postgresql) store=$(scale_url big) ;;
    esac
}

# The rows that a server would make: what it makes in an hour is there in minutes.
scale_copy() { # scale_copy KIND FROM UNTIL
    say "filling $1: $3 invoices"
    case $1 in
    sqlite)
        sed "s/@from/$2/g; s/@until/$3/g; s/@tenants/$scale_tenants/g" \
            "$(dirname "$0")/scale_sqlite.sql" | sqlite3 -bail "$work/big.db"
        ;;
    postgresql)
        psql -Xq "$store" -v ON_ERROR_STOP=1 -v from="$2" -v until="$3" \
            -v tenants="$scale_tenants" -f "$(dirname "$0")/scale_postgresql.sql"
        ;;
    esac >>"$work/log" 2>"$work/complaint" || fail 'a store could not be filled'
}

# A server makes the first of them.
scale_grow() { # scale_grow KIND FROM UNTIL
    scale_big_store "$1"
    if [ "$2" -eq 0 ]; then
        scale_start 1 "$store"
        scale_fill "$scale_tenants" "$2" "$3"
        scale_stop
    else
        scale_copy "$1" "$(scale_count "$1")" "$3"
    fi
    case $1 in
    sqlite) note "scale.$1.$3.bytes" "$(wc -c <"$work/big.db")" ;;
    postgresql)
        psql -Xq "$store" -c 'VACUUM (ANALYZE)' -c 'CHECKPOINT' 2>>"$work/log" ||
            fail 'PostgreSQL could not clean up'
        note "scale.$1.$3.bytes" "$(scale_sql "SELECT pg_database_size('big')")"
        ;;
    esac
}

# How many invoices would be in the big store if each tenant had as many as the one with most.
scale_count() { # scale_count KIND
    each=$(case $1 in
        sqlite) sqlite3 "$work/big.db" 'SELECT max(seq) FROM audit' ;;
        postgresql) psql -XAtq "$store" -c 'SELECT max(seq) FROM audit' ;;
        esac)
    echo $((each * scale_tenants))
}

# A create on the big store, just after one on a new store of few invoices: what else the machine does
# is the same for both.
scale_compare() { # scale_compare KIND SIZE
    scale_new "$1" small
    scale_creates "scale.$1.$2.small"
    scale_big_store "$1"
    scale_creates "scale.$1.$2.big"
    for keys in v7 v4; do
        note "scale.$1.$2.$keys.ratio" "$(ratio \
            "$(tail -n 1 "$work/figures/scale.$1.$2.small.$keys.rate")" \
            "$(tail -n 1 "$work/figures/scale.$1.$2.big.$keys.rate")")"
    done
}

scale_creates() { # scale_creates NAME: on $store
    scale_start 1 "$store"
    scale_fill "$scale_tenants" 0 "$scale_few"
    for keys in v7 v4; do
        # shellcheck disable=SC2086 # an option and its value
        scale_load "$1.$keys" "create-$keys" "$scale_tenants" 64 $bound
    done
    scale_note_memory "$1.memory"
    scale_stop
}

scale_growing_stores() {
    scale_new sqlite big
    scale_new postgresql big
    size=0
    for next in $scale_sizes; do
        for kind in sqlite postgresql; do
            scale_grow "$kind" "$size" "$next"
        done
        size=$next
        for repetition in $(seq "$repetitions"); do
            for kind in sqlite postgresql; do
                say "$size invoices, $kind, repetition $repetition of $repetitions"
                scale_compare "$kind" "$size"
            done
        done
    done
}

scale_bench() {
    command -v sqlite3 >/dev/null || fail 'sqlite3 is not there: apt-get install sqlite3'
    if ! command -v psql >/dev/null || [ -z "${INVONCE_TEST_POSTGRES-}" ]; then
        fail 'PostgreSQL is not there: apt-get install postgresql'
    fi
    scale_tokens
    scale_many_processes
    scale_growing_stores
}

# --- the report ---

scale_cells() { # scale_cells LABEL NAME...: medians, - where there is none
    printf '  %-42s' "$1"
    shift
    for cell in "$@"; do
        if [ -f "$work/figures/$cell" ]; then
            printf ' %10.0f' "$(median "$cell")"
        else
            printf ' %10s' -
        fi
    done
    printf '\n'
}

scale_report_processes() {
    printf '\n  %-42s %10s %10s %10s\n' 'creates a second, of server processes' 1 2 4
    for tenants in "$scale_tenants" 1; do
        name=scale.$tenants
        scale_cells "tenants: $tenants; connections: 64 in all" "$name.1.64.rate" "$name.2.64.rate" \
            "$name.4.64.rate"
        scale_cells "tenants: $tenants; connections: 64 each" "$name.1.64.rate" "$name.2.128.rate" \
            "$name.4.256.rate"
        scale_cells "  a server's processor time a create, us" "$name.1.64.servers_us" \
            "$name.2.128.servers_us" "$name.4.256.servers_us"
        scale_cells "  PostgreSQL's, us" "$name.1.64.postgres_us" "$name.2.128.postgres_us" \
            "$name.4.256.postgres_us"
        scale_cells '  memory of a server (peak), MiB' "$name.1.64.memory" "$name.2.128.memory" \
            "$name.4.256.memory"
        figure '  PostgreSQL alone, the same rows' "$(median "$name.ceiling")" \
            'in batches of 64, a statement a row'
        figure '  the same' "$(median "$name.ceilingarrays")" 'a statement a table, on arrays'
    done
}

scale_report_growth() {
    printf '\n  %-42s %10s %10s %10s %10s\n' "creates, 64 connections, $scale_tenants tenants" \
        'a second' '/ small' us 'us, small'
    for kind in sqlite postgresql; do
        for keys in v7 v4; do
            for size in $scale_sizes; do
                name=scale.$kind.$size
                printf '  %-42s %10.0f %10.2f %10.0f %10.0f\n' \
                    "$kind, $(scale_keys "$keys"), $size" "$(median "$name.big.$keys.rate")" \
                    "$(median "$name.$keys.ratio")" "$(scale_us "$kind" "$name.big.$keys")" \
                    "$(scale_us "$kind" "$name.small.$keys")"
            done
        done
    done
    for kind in sqlite postgresql; do
        figure "$kind: size of $size invoices" \
            "$(($(median "scale.$kind.$size.bytes") / 1048576))" MiB
        figure "$kind: memory of the server" "$(highest "scale.$kind.$size.big.memory")" MiB
    done
}

scale_keys() {
    case $1 in
    v7) printf 'keys in order of time' ;;
    v4) printf 'random keys' ;;
    esac
}

# What a create takes of the processors, the server's and PostgreSQL's.
scale_us() { # scale_us KIND NAME
    awk -v kind="$1" -v server="$(median "$2.servers_us")" -v postgres="$(median "$2.postgres_us")" \
        'BEGIN { print server + (kind == "sqlite" ? 0 : postgres) }'
}

scale_report_ratios() {
    name=scale.$scale_tenants
    printf '\n  %-52s %8s      %-8s %6s\n' 'what is asked of it' 'measured' '' 'bound'
    judge 'one process / PostgreSQL alone' \
        "$(ratio "$(median "$name.1.64.rate")" "$(median "$name.ceiling")")" at-least 0.6 ''
    judge 'four processes / one, 64 connections in all' \
        "$(ratio "$(median "$name.4.64.rate")" "$(median "$name.1.64.rate")")" at-least 1 ''
    judge 'four processes / one, 64 connections each' \
        "$(ratio "$(median "$name.4.256.rate")" "$(median "$name.1.64.rate")")" at-least 1 ''
    for kind in sqlite postgresql; do
        judge "a create with $size invoices / with $scale_few, $kind" \
            "$(median "scale.$kind.$size.v7.ratio")" at-most 1.2 ''
    done
}

# gnuplot's figures: invoices, then each kind's ratio for keys in order and random keys.
scale_points() {
    printf 'invoices sqlite_v7 sqlite_v4 postgresql_v7 postgresql_v4\n%s 1 1 1 1\n' "$scale_few"
    for size in $scale_sizes; do
        printf '%s %s %s %s %s\n' "$size" "$(median "scale.sqlite.$size.v7.ratio")" \
            "$(median "scale.sqlite.$size.v4.ratio")" \
            "$(median "scale.postgresql.$size.v7.ratio")" \
            "$(median "scale.postgresql.$size.v4.ratio")"
    done
}

scale_report() {
    printf 'scale: medians of %s, load generator on the same machine: ' "$repetitions"
    machine
    scale_report_processes
    scale_report_growth
    scale_report_ratios
    scale_points >"$work/points"
    draw scale "$work/points"
}
