#include "tests/lab/soak/crowd.h"

#include <time.h>

#define RECORDS_LEAST 10 /* in the largest inputs */
#define INPUTS        200

static void begin(struct crowd *crowd, const char *name, void *(*work)(void *), void *context)
{
    if (crowd->count == CROWD_THREADS ||
        pthread_create(&crowd->threads[crowd->count], NULL, work, context) != 0)
        support_die("no thread");
    crowd->names[crowd->count++] = name;
}

/* Two have one operator each, one of them another tenant's; two are shared. One of each kind is
 * meddled with. */
static void open_desks(struct crowd *crowd, struct soak *soak)
{
    static const struct {
        const char *tenant, *token;
        bool is_meddled;
    } kinds[CROWD_DESKS] = {{"north", TOKEN_ANA, false},
                            {"south", TOKEN_EVE, true},
                            {"north", TOKEN_BOB, true},
                            {"north", TOKEN_ANA, false}};
    size_t meddlers = 0;
    for (size_t i = 0; i < CROWD_DESKS; i++) {
        const struct field_server *server = &soak->field.servers[i % soak->field.count];
        const char *url = server->url;
        if (kinds[i].is_meddled) {
            meddler_start(&crowd->meddlers[meddlers], soak, server->port);
            url = crowd->meddlers[meddlers++].url;
        }
        desk_open(&crowd->desks[i], soak, i, url, kinds[i].tenant, kinds[i].token);
    }
}

static unsigned records_of(const struct soak *soak)
{
    long long records = soak->wanted / INPUTS;
    if (records < RECORDS_LEAST) return RECORDS_LEAST;
    return records > INPUT_RECORDS_MAX ? INPUT_RECORDS_MAX : (unsigned)records;
}

void crowd_open(struct crowd *crowd, struct soak *soak)
{
    open_desks(crowd, soak);
    for (unsigned i = 0; i < CROWD_OPERATORS; i++) {
        crowd->operators[i] = (struct operator){.soak = soak,
                                                .desk = &crowd->desks[i < 2 ? i : 2 + i % 2],
                                                .number = i,
                                                .records_max = records_of(soak)};
        begin(crowd, "an operator", operator_run, &crowd->operators[i]);
    }
    for (unsigned i = 0; i < CROWD_PROGRAMS; i++) {
        crowd->programs[i] = (struct program){.soak = soak, .number = i};
        begin(crowd, "a program", program_run, &crowd->programs[i]);
    }
    for (unsigned i = 0; i < CROWD_CLERKS; i++) {
        crowd->clerks[i] = (struct clerk){.soak = soak,
                                          .number = i,
                                          .url = soak->field.servers[0].url,
                                          .shared = i == 1 ? &crowd->desks[3] : NULL};
        begin(crowd, "a clerk", clerk_run, &crowd->clerks[i]);
    }
    crowd->player = (struct player){.soak = soak};
    begin(crowd, "the player of the parts", player_run, &crowd->player);
}

bool crowd_has_ended(struct crowd *crowd, int ms)
{
    while (crowd->count > 0 && pthread_tryjoin_np(crowd->threads[crowd->count - 1], NULL) == 0)
        crowd->count--;
    if (crowd->count > 0) soak_sleep(ms);
    return crowd->count == 0;
}

const char *crowd_last(const struct crowd *crowd)
{
    return crowd->count > 0 ? crowd->names[crowd->count - 1] : NULL;
}

void crowd_close(struct crowd *crowd, struct soak *soak)
{
    for (size_t i = 0; i < CROWD_MEDDLERS; i++)
        meddler_stop(&crowd->meddlers[i]);
    for (size_t i = 0; i < CROWD_CLERKS; i++)
        clerk_close(&crowd->clerks[i]);
    player_close(&crowd->player);
    for (size_t i = 0; i < CROWD_DESKS; i++)
        desk_close(&crowd->desks[i], soak);
}
