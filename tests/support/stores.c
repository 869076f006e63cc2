#include "tests/support/stores.h"

#include "tests/support/cluster.h"
#include "tests/support/rows_postgres.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *value_of(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value ? value : NULL;
}

bool stores_are_postgres(void)
{
    const char *kind = value_of(STORES_KIND_VARIABLE);
    return kind && strcmp(kind, "postgresql") == 0;
}

void stores_use(bool postgres, const char *server)
{
    if (setenv(STORES_KIND_VARIABLE, postgres ? "postgresql" : "sqlite", 1) != 0 ||
        (server && setenv(STORES_SERVER_VARIABLE, server, 1) != 0))
        support_die("out of memory");
}

const char *stores_partitions(void)
{
    return value_of(STORES_PARTITIONS_VARIABLE);
}

/* On the database that is always there. */
static void run(char *script)
{
    const char *directory = value_of(STORES_SERVER_VARIABLE);
    if (!directory) support_die("there is no PostgreSQL: start this by tests/with-postgres");
    char *url = cluster_url(directory, "postgres");
    rows_postgres_change(url, script);
    free(url);
    free(script);
}

void stores_make(char place[STORES_PLACE_SIZE], const char *directory)
{
    static atomic_int count;
    if (!stores_are_postgres()) {
        snprintf(place, STORES_PLACE_SIZE, "%s/store.db", directory);
        return;
    }
    char *name = support_format("test_%d_%d", (int)getpid(), atomic_fetch_add(&count, 1));
    run(support_format("CREATE DATABASE %s TEMPLATE template0", name));
    char *url = cluster_url(value_of(STORES_SERVER_VARIABLE), name);
    snprintf(place, STORES_PLACE_SIZE, "%s", url);
    free(url);
    free(name);
}

size_t stores_files(const char *place)
{
    return rows_are_postgres(place) ? 0 : 1;
}

char *stores_url(const char *place)
{
    return support_format("%s%s", rows_are_postgres(place) ? "" : "sqlite:", place);
}

void stores_remove(const char *place)
{
    if (!rows_are_postgres(place)) return;
    const char *name_at = place + strlen(ROWS_POSTGRES_SCHEME "///");
    char *name = support_format("%.*s", (int)strcspn(name_at, "?"), name_at);
    run(support_format("DROP DATABASE IF EXISTS %s WITH (FORCE)", name));
    free(name);
}
