#include "tests/lab/soak/tally.h"

#include <stdatomic.h>
#include <string.h>

static const struct {
    long long least;
    char store;
    const char *words;
} rows[] = {
#define TALLY_ROW(name, least, store, words) {least, store, words},
    TALLY(TALLY_ROW)
#undef TALLY_ROW
};

static atomic_llong counts[TALLY_COUNT];

void tally_count(enum tally what)
{
    atomic_fetch_add(&counts[what], 1);
}

long long tally_of(enum tally what)
{
    return atomic_load(&counts[what]);
}

static bool is_asked_for(size_t row, bool is_postgres)
{
    return rows[row].store == 'b' || rows[row].store == (is_postgres ? 'p' : 's');
}

bool tally_is_missing(enum tally what, bool is_postgres)
{
    return is_asked_for(what, is_postgres) && counts[what] < rows[what].least;
}

bool tally_is_enough(bool is_postgres, FILE *file)
{
    bool is_enough = true;
    for (size_t i = 0; i < TALLY_COUNT; i++) {
        if (!tally_is_missing((enum tally)i, is_postgres)) continue;
        is_enough = false;
        if (file)
            fprintf(file, "too calm: %s: %lld, and must be %lld\n", rows[i].words, counts[i],
                    rows[i].least);
    }
    return is_enough;
}

void tally_print(bool is_postgres, FILE *file)
{
    size_t column = 0;
    for (size_t i = 0; i < TALLY_COUNT; i++) {
        if (!is_asked_for(i, is_postgres)) continue;
        char text[64];
        size_t length = (size_t)snprintf(text, sizeof text, "%s%s %lld", column > 0 ? ", " : "  ",
                                         rows[i].words, counts[i]);
        if (column + length > 98) {
            fputs(",\n", file);
            column = 0;
            length = (size_t)snprintf(text, sizeof text, "  %s %lld", rows[i].words, counts[i]);
        }
        fputs(text, file);
        column += length;
    }
    fputc('\n', file);
}
