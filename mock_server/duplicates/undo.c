#include "mock_server/duplicates/undo.h"

#include "mock_server/duplicates/children.h"
#include "mock_server/duplicates/claimed.h"
#include "mock_server/duplicates/group.h"
#include "mock_server/engine/ids.h"
#include "mock_server/engine/merged.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

struct undoing {
    struct store_session *session;
    const struct doer *doer;
    struct undo_done *done;
    const struct resource *resource;
    struct store_collection collection;
    int64_t winner;
};

static int64_t id_in(const struct undoing *undoing, const struct json *value)
{
    int64_t id = 0;
    const char *text = json_string(value);
    return text && id_parse(undoing->resource->id_prefix, text, &id) ? id : 0;
}

/* --- the record --- */

static bool unmark(struct undoing *undoing, int64_t id, struct record_found *created)
{
    struct record_found now;
    bool ok = record_read(undoing->session, &undoing->collection, id, STORE_NOW, &now) == STORE_OK;
    ok = ok && record_read(undoing->session, &undoing->collection, id, STORE_CREATED, created) ==
                   STORE_OK;
    now.json = ok ? record_unmark(now.json, created->json) : now.json;
    ok = ok && now.json &&
         store_record_merge(undoing->session, &undoing->collection, id, 0) == STORE_OK &&
         record_save(undoing->session, &undoing->collection, id, now.json);
    record_release(&now);
    return ok;
}

/* Those that it carried stand behind it again. */
static bool give_back_carried(struct undoing *undoing, int64_t id, const struct json *carried)
{
    char text[ID_TEXT_SIZE];
    bool ok = true;
    id_format(undoing->resource->id_prefix, id, text);
    for (const struct json *one = json_first(carried); ok && one; one = json_next(one)) {
        int64_t other = id_in(undoing, one);
        struct record_found now;
        ok =
            record_read(undoing->session, &undoing->collection, other, STORE_NOW, &now) == STORE_OK;
        now.json = ok ? merged_mark(now.json, text) : now.json;
        ok = ok && now.json &&
             store_record_merge(undoing->session, &undoing->collection, other, id) == STORE_OK &&
             record_save(undoing->session, &undoing->collection, other, now.json);
        record_release(&now);
    }
    return ok;
}

/* --- what is unique --- */

/* Claims it, or stands beside who has it. */
static bool claim_again(struct undoing *undoing, const struct unique_rule *rule,
                        const struct json *created, int64_t id)
{
    struct store_session *session = undoing->session;
    char *value = NULL;
    int64_t holder = 0;
    struct store_claim claim;
    if (!claimed_by(rule, created, &claim, &value)) {
        return false;
    }
    enum store_status status = STORE_OK;
    if (value) {
        status = store_claim(session, &undoing->collection, &claim, id, &holder);
    }
    if (status == STORE_TAKEN) {
        status = holder == id ? STORE_OK /* it kept that */
                              : store_stand(session, &undoing->collection, &claim, id);
    }
    free(value);
    return status == STORE_OK;
}

static bool claim_each(struct undoing *undoing, const struct record_found *created)
{
    bool ok = true;
    for (size_t i = 0; ok && i < undoing->resource->unique_count; i++) {
        ok = claim_again(undoing, &undoing->resource->unique[i], created->json, created->id);
    }
    return ok;
}

/* What the winner took over, and stands in the way of again. */
static bool give_back_claim(struct undoing *undoing, const struct json *winner,
                            const struct json *one)
{
    const char *name = json_text(one, "rule");
    const struct resource *resource = undoing->resource;
    int64_t from = id_in(undoing, json_member(one, "from")), holder = 0;
    size_t i = 0;
    char *value = NULL;
    while (i < resource->unique_count && (!name || strcmp(resource->unique[i].name, name) != 0)) {
        i++;
    }
    struct store_claim claim;
    if (i == resource->unique_count || !claimed_by(&resource->unique[i], winner, &claim, &value)) {
        return i == resource->unique_count; /* there is no such rule any more */
    }
    bool ok =
        value &&
        store_unclaim(undoing->session, &undoing->collection, &claim, undoing->winner) ==
            STORE_OK &&
        store_claim(undoing->session, &undoing->collection, &claim, from, &holder) == STORE_OK &&
        store_stand(undoing->session, &undoing->collection, &claim, undoing->winner) == STORE_OK;
    free(value);
    return ok;
}

static bool give_back_claims(struct undoing *undoing, const struct json *winner)
{
    bool ok = true;
    const struct json *one = json_first(json_member(undoing->done->merge, "taken"));
    for (; ok && one; one = json_next(one)) {
        ok = give_back_claim(undoing, winner, one);
    }
    return ok;
}

/* --- what is listed under it --- */

/* The loser that a record was made for, or that carried the one it was made for; 0: none. */
static int64_t comes_back_to(const struct undoing *undoing, const struct json *losers,
                             int64_t made_for)
{
    for (const struct json *loser = json_first(losers); loser; loser = json_next(loser)) {
        int64_t id = id_in(undoing, json_member(loser, "id"));
        const struct json *one = json_first(json_member(loser, "carried"));
        while (one && id_in(undoing, one) != made_for) {
            one = json_next(one);
        }
        if (id == made_for || one) {
            return id;
        }
    }
    return 0;
}

static bool give_back_children(struct undoing *undoing, const struct json *losers)
{
    const char *tenant = undoing->doer->tenant;
    struct kept kind;
    bool ok = true;
    for (size_t k = 0; ok && kinds_child(undoing->resource, k, &kind); k++) {
        struct record_list list = {0};
        ok = children_gather(undoing->session, tenant, &kind, undoing->winner, &list);
        for (size_t i = 0; ok && i < list.count; i++) {
            const struct record_row *row = &list.rows[i];
            int64_t made_for = children_made_for(undoing->session, tenant, &kind, row->id);
            int64_t to = made_for ? comes_back_to(undoing, losers, made_for) : 0;
            ok = made_for != 0;
            if (ok && to) {
                ok = children_move(undoing->session, tenant, &kind, row->id, row->json, to,
                                   made_for);
                undoing->done->moved++;
            }
        }
        record_list_clear(&list);
    }
    return ok;
}

/* --- all of it --- */

static bool undo_one(struct undoing *undoing, const struct json *loser)
{
    int64_t id = id_in(undoing, json_member(loser, "id"));
    const char *winner = json_text(undoing->done->merge, "winner");
    struct record_found created = {0};
    bool ok = unmark(undoing, id, &created) &&
              give_back_carried(undoing, id, json_member(loser, "carried")) &&
              claim_each(undoing, &created) &&
              merges_note(undoing->session, undoing->doer, undoing->resource, created.json, winner,
                          "unmerged");
    record_release(&created);
    return ok;
}

static bool took_lines(const struct json *losers)
{
    for (const struct json *loser = json_first(losers); loser; loser = json_next(loser)) {
        if (json_count(json_member(loser, "lines")) > 0) {
            return true;
        }
    }
    return false;
}

static bool give_back_lines(struct undoing *undoing, int64_t merge, const struct json *losers,
                            struct record_found *winner)
{
    return !took_lines(losers) ||
           (merges_lines(undoing->session, undoing->doer->tenant, undoing->resource,
                         undoing->winner, merge, NULL, &winner->json) &&
            record_save(undoing->session, &undoing->collection, undoing->winner, winner->json));
}

static bool note_undone(struct undoing *undoing, int64_t id)
{
    const struct store_collection merges = merges_of(undoing->doer->tenant);
    char at[CLOCK_TEXT_SIZE];
    clock_format(undoing->doer->now, at);
    struct json *merge = json_copy(undoing->done->merge);
    merge = json_with(merge, "undone_at", json_new_string(at));
    merge = json_with(merge, "undone_by", json_new_string(undoing->doer->user));
    bool ok = merge && record_save(undoing->session, &merges, id, merge);
    json_free(merge);
    return ok;
}

static bool undo_each(struct undoing *undoing, int64_t id, struct record_found *winner)
{
    const struct json *losers = json_member(undoing->done->merge, "losers");
    bool ok = give_back_claims(undoing, winner->json);
    for (size_t i = json_count(losers); ok && i-- > 0;) {
        ok = undo_one(undoing, json_item(losers, i));
    }
    return ok && give_back_children(undoing, losers) &&
           give_back_lines(undoing, id, losers, winner) && note_undone(undoing, id);
}

/* The merge that the record went in, into the one that stands for it now. 0: failed. */
static int64_t merge_of(struct undoing *undoing, const char *tenant, int64_t id, int64_t into)
{
    struct json *merges = merges_standing(undoing->session, tenant, undoing->resource, into, 0);
    int64_t found = 0;
    for (const struct json *merge = json_first(merges); merge; merge = json_next(merge)) {
        const char *text = json_text(merge, "id");
        if (comes_back_to(undoing, json_member(merge, "losers"), id) && text &&
            !id_parse(MERGE_PREFIX, text, &found)) {
            found = 0;
        }
    }
    json_free(merges);
    return found;
}

static bool undo_read(struct undoing *undoing, const char *tenant, int64_t id)
{
    struct undo_done *done = undoing->done;
    struct record_found winner;
    bool ok = record_read(undoing->session, &undoing->collection, undoing->winner, STORE_NOW,
                          &winner) == STORE_OK;
    done->end = UNDO_DONE;
    if (ok && winner.merged_into) {
        done->end = UNDO_REFUSED;
        done->other = merge_of(undoing, tenant, undoing->winner, winner.merged_into);
    } else if (ok && undoing->doer) {
        ok = undo_each(undoing, id, &winner);
    }
    record_release(&winner);
    return ok;
}

bool undo_merge(struct store_session *session, const char *tenant, int64_t id,
                const struct doer *doer, struct undo_done *done)
{
    const struct store_collection merges = merges_of(tenant);
    struct record_found merge;
    struct kept kept;
    *done = (struct undo_done){.end = UNDO_FAILED};
    enum store_status status = record_read(session, &merges, id, STORE_NOW, &merge);
    done->merge = merge.json;
    if (status == STORE_ABSENT) {
        done->end = UNDO_ABSENT;
        return true;
    }
    if (status == STORE_OK && json_text(merge.json, "undone_at")) {
        done->end = UNDO_BEFORE;
        return true;
    }
    const char *resource = json_text(merge.json, "resource");
    if (status != STORE_OK || !resource || !kinds_find(resource, &kept)) {
        return false;
    }
    struct undoing undoing = {.session = session,
                              .doer = doer,
                              .done = done,
                              .resource = kept.resource,
                              .collection = {tenant, kept.resource->name}};
    undoing.winner = id_in(&undoing, json_member(merge.json, "winner"));
    return undo_read(&undoing, tenant, id);
}
