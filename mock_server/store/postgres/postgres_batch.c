/* The parts of a transaction take turns: one that asks something waits until no other can go on,
 * then all that was asked is sent at once. It comes out as if they had run one after the other,
 * since a part has what it names until it ends: a key that it claimed, a number that it found to be
 * free, a record that it read. */
#include "mock_server/store/postgres/postgres_fibers.h"
#include "mock_server/store/postgres/postgres_session.h"

#include <assert.h>
#include <stdlib.h>

/* As many parts go on at once. */
#define FIBERS_MAX 512

/* Names are known by their hash: that two share one makes a part wait in vain, no more. */
#define HOLDS 8192

struct part {
    struct fiber *fiber; /* NULL: not begun, or ended */
    store_part *run;
    void *context;
    size_t index;
    bool waits, ok;            /* for an answer, and it came */
    const struct part *behind; /* waits for this one to end; NULL: for none */
    bool ended, kept;
};

struct hold {
    uint64_t hash; /* 0: none */
    const struct part *owner;
    bool returned_to; /* by its owner, who may have made it its own */
};

struct batch {
    struct fibers *fibers;
    struct part *parts;
    size_t part_count, part_room;
    struct part *current; /* NULL: the caller of all of them */
    size_t behind_count;  /* parts that wait for another */
    struct hold holds[HOLDS];
    size_t hold_count;
};

/* --- names --- */

static uint64_t hash_of(enum statement which, const struct value *values, int names)
{
    uint64_t hash = HASH_BEGIN ^ (uint64_t)which;
    const char *types = STATEMENTS[which].types;
    for (int i = 0; i < names; i++) {
        bool is_number = types[i] == 'i' || types[i] == 'n';
        const void *bytes = is_number ? &values[i].number : values[i].at;
        size_t length = is_number ? sizeof values[i].number : values[i].length;
        hash = hash_bytes(hash_bytes(hash, bytes, length), "\xff", 1);
    }
    return hash;
}

/* Its place, or a free one. */
static struct hold *find_hold(struct batch *batch, uint64_t hash)
{
    size_t at = hash % HOLDS;
    while (batch->holds[at].hash != 0 && batch->holds[at].hash != hash) {
        at = (at + 1) % HOLDS;
    }
    return &batch->holds[at];
}

static bool is_had(const struct hold *hold, const struct part *part)
{
    return hold->owner && hold->owner != part && !hold->owner->ended;
}

bool postgres_hold(struct postgres_session *session, enum statement which,
                   const struct value *values, int names)
{
    struct batch *batch = session->batch;
    struct part *part = batch ? batch->current : NULL;
    if (!part) {
        return true; /* alone */
    }
    uint64_t hash = hash_of(which, values, names);
    struct hold *hold = find_hold(batch, hash);
    while (!session->failed && is_had(hold, part)) {
        part->behind = hold->owner;
        batch->behind_count++;
        fiber_pause(part->fiber);
        batch->behind_count--;
        part->behind = NULL;
    }
    if (session->failed || batch->hold_count == HOLDS / 2) {
        session->failed = true; /* too many names: then not together */
        return false;
    }
    batch->hold_count += hold->hash == 0;
    *hold = (struct hold){hash, part, .returned_to = hold->owner == part};
    return true;
}

bool postgres_is_unheld(struct postgres_session *session, enum statement which,
                        const struct value *values, int names)
{
    struct batch *batch = session->batch;
    return batch && batch->current && find_hold(batch, hash_of(which, values, names))->hash == 0;
}

void postgres_share(struct postgres_session *session, enum statement which,
                    const struct value *values, int names)
{
    struct batch *batch = session->batch;
    if (!batch || !batch->current) {
        return;
    }
    struct hold *hold = find_hold(batch, hash_of(which, values, names));
    if (hold->returned_to) {
        return;
    }
    hold->owner = NULL;
    /* Those behind this part for the name look again. */
    for (size_t i = 0; batch->behind_count > 0 && i < batch->part_count; i++) {
        if (batch->parts[i].behind == batch->current) {
            batch->parts[i].behind = NULL;
        }
    }
}

/* --- turns --- */

bool postgres_wait(struct postgres_session *session)
{
    struct part *part = session->batch ? session->batch->current : NULL;
    if (!part) {
        return postgres_flush(session);
    }
    if (session->failed) {
        return false;
    }
    part->waits = true;
    fiber_pause(part->fiber);
    return part->ok;
}

static void run_part(void *context)
{
    struct part *part = context;
    part->kept = part->run(part->context, part->index);
    part->ended = true;
}

/* Until it waits for something or ends. */
static void go_on(struct batch *batch, struct part *part)
{
    batch->current = part;
    fiber_resume(part->fiber);
    batch->current = NULL;
}

static bool may_go_on(const struct part *part, bool failed)
{
    return part->fiber && !part->waits && (failed || !part->behind || part->behind->ended);
}

static void end_part(struct postgres_session *session, struct part *part)
{
    fiber_let_go(part->fiber);
    part->fiber = NULL;
    if (!part->kept) {
        session->failed = true; /* all of it will be undone: the others need not go on */
    }
}

/* Each part that can go on does, until none can; true when any did. */
static bool go_round(struct postgres_session *session)
{
    struct batch *batch = session->batch;
    bool any = false;
    for (size_t i = 0; i < batch->part_count; i++) {
        struct part *part = &batch->parts[i];
        while (may_go_on(part, session->failed)) {
            any = true;
            go_on(batch, part);
            if (fiber_has_ended(part->fiber)) {
                end_part(session, part);
            }
        }
    }
    return any;
}

static void give_answers(struct batch *batch, bool ok)
{
    for (size_t i = 0; i < batch->part_count; i++) {
        struct part *part = &batch->parts[i];
        part->ok = part->waits ? ok : part->ok;
        part->waits = false;
    }
}

static bool any_waits(const struct batch *batch)
{
    for (size_t i = 0; i < batch->part_count; i++) {
        if (batch->parts[i].waits) {
            return true;
        }
    }
    return false;
}

static bool all_have_ended(const struct batch *batch)
{
    for (size_t i = 0; i < batch->part_count; i++) {
        if (!batch->parts[i].ended) {
            return false;
        }
    }
    return true;
}

/* True when each has ended, and as it should. */
static bool take_turns(struct postgres_session *session)
{
    struct batch *batch = session->batch;
    for (;;) {
        while (go_round(session)) {
        }
        if (all_have_ended(batch)) {
            return !session->failed;
        }
        if (any_waits(batch)) {
            give_answers(batch, postgres_flush(session));
        } else {
            assert(!session->failed);
            session->failed = true; /* each is behind another: not together, then */
        }
    }
}

static bool make_batch(struct postgres_session *session, size_t count)
{
    struct batch *batch = session->batch;
    if (!batch) {
        batch = session->batch = calloc(1, sizeof(struct batch));
    }
    if (batch && !batch->fibers) {
        batch->fibers = fibers_new(FIBERS_MAX);
    }
    if (!batch || !batch->fibers) {
        return false;
    }
    if (count > batch->part_room) {
        struct part *parts = realloc(batch->parts, count * sizeof(struct part));
        if (!parts) {
            return false;
        }
        batch->parts = parts;
        batch->part_room = count;
    }
    batch->part_count = count;
    if (batch->hold_count > 0) {
        memset(batch->holds, 0, sizeof batch->holds);
        batch->hold_count = 0;
    }
    return true;
}

static bool run_some(struct postgres_session *session, size_t first, size_t count, store_part *run,
                     void *context)
{
    struct batch *batch = session->batch;
    for (size_t i = 0; i < count; i++) {
        struct part *part = &batch->parts[i];
        *part = (struct part){.run = run, .context = context, .index = first + i};
        part->fiber = fibers_start(batch->fibers, run_part, part);
        assert(part->fiber); /* no more parts than fibers */
    }
    return take_turns(session);
}

bool postgres_run_parts(struct store_session *base, size_t count, store_part *run, void *context)
{
    struct postgres_session *session = postgres_session_of(base);
    assert(session->in_transaction);
    bool ok = true;
    for (size_t first = 0; ok && first < count; first += FIBERS_MAX) {
        size_t some = count - first < FIBERS_MAX ? count - first : FIBERS_MAX;
        ok = make_batch(session, some) && run_some(session, first, some, run, context);
    }
    return ok;
}

void postgres_free_batch(struct postgres_session *session)
{
    if (session->batch) {
        fibers_free(session->batch->fibers);
        free(session->batch->parts);
        free(session->batch);
        session->batch = NULL;
    }
}
