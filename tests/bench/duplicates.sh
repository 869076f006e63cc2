#!/bin/sh
# The sizes that are promised of import and duplicates: records with planted groups, on each kind of store,
# killed at random moments of import, merge and undo, and looked at from outside, by SQL; then find and merge
# on a large store, with their time and memory. Exit 1 where anything isn't as it was planted.
# usage: duplicates.sh BIN_DIR [--smoke]    (run by with-postgres where there is one)
set -eu
bin=$1
server=$bin/invonce-mock-server
records=200000 groups=5000 kills=50 large=1000000
[ "${2-}" != --smoke ] || { records=400 groups=12 kills=1 large=600; }
if [ -z "${INVONCE_TEST_POSTGRES-}${INVONCE_BENCH_POSTGRES-}" ] && [ -x "$bin/../tests/with-postgres" ]; then
    export INVONCE_BENCH_POSTGRES=asked
    exec "$bin/../tests/with-postgres" "$0" "$@"
fi
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
failed=0

# plant COUNT GROUPS: records as JSON Lines. Group g has 2 to 9 members, the second one the oldest; all but
# that one are paid 1.00; of every tenth group the last one's line is another.
plant() {
    awk -v count="$1" -v groups="$2" '
        function put(number, day, paid, price) {
            printf "{\"id\":%d,\"number\":\"%s\",\"issue_date\":\"2020-06-%02d\",\"created_at\":\"2020-06-%02d\",", \
                ++id, number, 1 + id % 28, day
            printf "\"currency\":\"EUR\",\"customer\":{\"email\":\"c%d@shop.example\"},", id % 5000
            printf "\"lines\":[{\"description\":\"Work\",\"quantity\":\"1\",\"unit_price\":\"%d.00\"}]", price
            if (paid) printf ",\"payments\":[{\"amount\":\"1.00\",\"paid_at\":\"2020-07-01\"}]"
            print "}"
        }
        BEGIN {
            for (g = 0; g < groups; g++) {
                size = 2 + g % 8
                for (m = 0; m < size; m++)
                    put("G-" g, m == 1 ? 1 : 2 + m, m != 1, g % 10 == 9 && m == size - 1 ? 7 : 10 + g)
            }
            while (id < count) put("S-" id, 5, id % 4 == 0, 10 + id % 977)
        }'
}

expect() { # expect WHAT EXPECTED FOUND
    [ "$2" = "$3" ] && return
    echo "$store: $1: expected $2, found $3" >&2
    failed=1
}

sql() { # sql SQLITE POSTGRESQL
    case $store in
    sqlite:*) sqlite3 "${store#sqlite:}" ".timeout 60000" "$1" ;;
    *) psql -XAtq "$store" -c "$2" ;;
    esac
}

invoices() { # invoices WHERE: how many
    sql "SELECT count(*) FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource = 'invoice' AND $1" \
        "SELECT count(*) FROM records WHERE resource = 'invoice' AND $1"
}

payments_on() { # payments_on WHERE: of their invoice
    sql "SELECT count(*) FROM records p JOIN collections c ON c.number = p.place >> 40 AND c.resource = 'payment'
         JOIN collections d ON d.resource = 'invoice' JOIN records i ON i.place = (d.number << 40) + p.parent WHERE $1" \
        "SELECT count(*) FROM records p JOIN records i ON i.tenant = p.tenant AND i.resource = 'invoice'
         AND i.id = p.parent WHERE p.resource = 'payment' AND $1"
}

# All that is kept but for the merges themselves and the audit.
snapshot() {
    {
        sql "SELECT c.resource, place, period, parent, created, current, merged FROM records JOIN collections c
             ON c.number = place >> 40 WHERE c.resource <> 'merge' ORDER BY place;
             SELECT * FROM claims ORDER BY 1, 2, 3; SELECT * FROM standing ORDER BY 1, 2, 3, 4" \
            "SELECT resource, id, period, parent, created, current, merged FROM records WHERE resource <> 'merge' ORDER BY 1, 2"
        case $store in
        sqlite:*) ;;
        *)
            psql -XAtq "$store" -c 'SELECT * FROM claims ORDER BY 1, 2, 3, 4'
            psql -XAtq "$store" -c 'SELECT * FROM standing ORDER BY 1, 2, 3, 4, 5'
            ;;
        esac
    } | sha256sum
}

run() { # run COMMAND [OPTION]...: to its end
    "$server" "$@" --store "$store" --tenant north --by bench >"$work/output" 2>>"$work/errors"
}

# Again and again, killed after up to a second; then to its end.
killed() { # killed TIMES COMMAND...
    times=$1
    shift
    for i in $(seq "$times"); do
        "$server" "$@" --store "$store" --tenant north --by bench >/dev/null 2>>"$work/errors" &
        pid=$!
        sleep "$(awk -v seed="$i$$" 'BEGIN { srand(seed); printf "%.3f", rand() }')"
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        pid=
    done
    run "$@"
}

check_store() {
    rm -f "$work/errors"
    differing=$(($groups / 10))
    members=$(awk -v g="$groups" 'BEGIN { for (i = 0; i < g; i++) n += 2 + i % 8; print n }')
    left=$(awk -v g="$groups" 'BEGIN { for (i = 9; i < g; i += 10) n += 1 + i % 8; print n + 0 }')
    losers=$((members - groups))
    paid=$(grep -c '"payments"' "$work/planted.jsonl")
    killed "$kills" import "$work/planted.jsonl" || expect 'import ends' 0 $?
    expect 'invoices' "$records" "$(invoices 'merged IS NULL')"
    expect 'payments' "$paid" "$(payments_on '1 = 1')"
    before=$(snapshot)
    run duplicates find --json || expect 'find ends' 0 $?
    expect 'groups found' "$groups" "$(grep -c '"group":"exact"' "$work/output")"
    expect 'groups left alone' "$differing" "$(grep -c '"action":"leave"' "$work/output")"
    killed "$kills" duplicates merge || expect 'merge ends' 0 $?
    expect 'merged' $((losers - left)) "$(invoices 'merged IS NOT NULL')"
    expect 'payments on merged ones' 0 "$(payments_on 'i.merged IS NOT NULL')"
    expect 'payments after merge' "$paid" "$(payments_on '1 = 1')"
    expect 'others changed' 0 "$(invoices 'merged IS NULL AND current IS NOT NULL')"
    run duplicates enforce && expect 'enforce fails' 1 0
    run duplicates merge --take-lines || expect 'merge --take-lines ends' 0 $?
    expect 'merged with lines' "$losers" "$(invoices 'merged IS NOT NULL')"
    expect 'took lines' "$differing" "$(invoices 'merged IS NULL AND current IS NOT NULL')"
    run duplicates enforce || expect 'enforce holds' 0 $?
    for i in $(seq "$groups" -1 1); do
        [ "$i" -gt $((groups - kills)) ] && killed 1 duplicates undo "mrg_$i" || run duplicates undo "mrg_$i" ||
            expect "undo mrg_$i" 0 $?
    done
    expect 'all of it' "$before" "$(snapshot)"
    echo "$store: $records records, $groups groups, $kills kills of each: looked at"
}

# measure NAME LIMIT_S LIMIT_MIB COMMAND...
measure() {
    name=$1 limit_s=$2 limit_mib=$3
    shift 3
    started=$(date +%s%N)
    "$server" "$@" --store "$store" --tenant north >/dev/null 2>>"$work/errors" &
    pid=$! peak=0
    while [ -r "/proc/$pid/status" ]; do
        now=$(awk '$1 == "VmHWM:" { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || true)
        peak=${now:-$peak}
        sleep 0.05
        kill -0 "$pid" 2>/dev/null || break
    done
    wait "$pid" || expect "$name ends" 0 $?
    pid=
    seconds=$((($(date +%s%N) - started) / 1000000000))
    echo "$name on $large records: $seconds s, $peak MiB (promised: $limit_s s, $limit_mib MiB)"
    [ "$seconds" -le "$limit_s" ] && [ "$peak" -le "$limit_mib" ] || failed=1
}

plant "$records" "$groups" >"$work/planted.jsonl"
store=sqlite:$work/store.db
check_store
if [ -n "${INVONCE_TEST_POSTGRES-}" ]; then
    url="host=$INVONCE_TEST_POSTGRES&user=postgres"
    psql -XAtq "postgresql:///postgres?$url" -c 'DROP DATABASE IF EXISTS duplicates' -c 'CREATE DATABASE duplicates'
    store="postgresql:///duplicates?$url"
    check_store
    psql -XAtq "postgresql:///postgres?$url" -c 'DROP DATABASE duplicates WITH (FORCE)'
fi
rm -f "$work"/store.db* "$work/planted.jsonl"
plant "$large" $((large / 550)) >"$work/large.jsonl" # 1 % of them are duplicates
store=sqlite:$work/large.db
run import "$work/large.jsonl" || expect 'import ends' 0 $?
tail -n 2 "$work/output"
measure find 60 64 duplicates find --json
measure merge 60 64 duplicates merge
exit $failed
