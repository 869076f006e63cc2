# The part of `run` about a retry storm, which reads this file and has the functions that it uses: a
# simulation, whose figures are the same on every machine.
# shellcheck shell=sh disable=SC2154 # variables are run's

storm_bench() {
    "$tools/bench-storm" >"$work/storm" 2>"$work/complaint" || fail 'the storm failed'
}

# The first second after the outage at whose end nothing waits in a column, or in two.
storm_over() { # storm_over COLUMN [COLUMN]
    awk -v a="$1" -v b="${2-$1}" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 >= 120 && !over && $at[a] + $at[b] < 100 { over = $1 } END { print over - 120 }' "$work/storm"
}

storm_most() { # storm_most COLUMN
    awk -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at[name] > most { most = $at[name] } END { print most }' "$work/storm"
}

storm_report() {
    printf 'retry storm: a simulation; 200,000 clients, an invoice each 50 s, 10,000 creates a second,\n'
    printf '60 s without a server\n\n  %-42s %10s %14s\n' '' 'Invonce' 'again after 1 s'
    printf '  %-42s %10s %14s\n' 'attempts a second at most' "$(storm_most attempts)" \
        "$(storm_most naive_attempts)"
    printf '  %-42s %10s %14s\n' 's after the outage until nobody waits' "$(storm_over open)" \
        "$(storm_over naive_open)"
    printf '  %-42s %10s %14s\n' 's until the outboxes are empty, too' "$(storm_over open kept)" -
    draw storm "$work/storm"
}
