#include "mock_server/duplicates/merge.h"

#include "mock_server/duplicates/children.h"
#include "mock_server/duplicates/claimed.h"
#include "mock_server/engine/ids.h"
#include "mock_server/engine/merged.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

struct merging {
    const struct group *group;
    struct store_session *session;
    const struct doer *doer;
    struct merge_done *done;
    struct store_collection collection;
    int64_t winner;
    char winner_text[ID_TEXT_SIZE];
};

static struct json *id_of(const struct resource *resource, int64_t id)
{
    char text[ID_TEXT_SIZE];
    id_format(resource->id_prefix, id, text);
    return json_new_string(text);
}

/* One record, and its JSON. The JSON is taken over. */
static bool mark(struct merging *merging, int64_t id, struct json *json)
{
    json = json ? merged_mark(json, merging->winner_text) : NULL;
    bool ok = json &&
              store_record_merge(merging->session, &merging->collection, id, merging->winner) ==
                  STORE_OK &&
              record_save(merging->session, &merging->collection, id, json);
    json_free(json);
    return ok;
}

/* Those that were merged into it before go with it. */
static bool carry(struct merging *merging, int64_t loser, struct json *carried)
{
    const struct store_filter filter = {
        .collection = merging->collection, .merged = STORE_MERGED, .merged_into = loser};
    struct record_list list = {0};
    bool ok = record_gather(merging->session, filter, &list);
    for (size_t i = list.count; ok && i-- > 0;) {
        const struct record_row *row = &list.rows[i];
        ok = mark(merging, row->id, json_read(row->json, strlen(row->json))) &&
             json_append(carried, id_of(merging->group->resource, row->id));
    }
    record_list_clear(&list);
    return ok;
}

/* Whom it was made for stays: that is the loser, or one that was merged into it. */
static int64_t made_for(const struct kept *kind, const char *json, int64_t loser)
{
    struct json *now = json_read(json, strlen(json));
    const char *text = json_text(now, "merged_from");
    int64_t id = 0;
    bool known = text && id_parse(kind->parent->resource->id_prefix, text, &id);
    json_free(now);
    return known ? id : loser;
}

static bool move_children(struct merging *merging, int64_t loser, struct json *moved)
{
    const struct resource *resource = merging->group->resource;
    const char *tenant = merging->doer->tenant;
    struct kept kind;
    bool ok = true;
    for (size_t k = 0; ok && kinds_child(resource, k, &kind); k++) {
        struct record_list list = {0};
        ok = children_gather(merging->session, tenant, &kind, loser, &list);
        for (size_t i = list.count; ok && i-- > 0;) {
            const struct record_row *row = &list.rows[i];
            ok = children_move(merging->session, tenant, &kind, row->id, row->json, merging->winner,
                               made_for(&kind, row->json, loser)) &&
                 json_append(moved, id_of(kind.resource, row->id));
            merging->done->moved++;
        }
        record_list_clear(&list);
    }
    return ok;
}

/* --- what is unique --- */

/* It stands in the rule's way no more; what it claimed it keeps, as who meets that is led on. */
static bool leave_rule(struct merging *merging, const struct store_claim *claim, int64_t loser)
{
    bool stands = false;
    int64_t holder = 0;
    return group_stands(merging->session, &merging->collection, claim->rule, claim->value, loser,
                        &stands, &holder) == STORE_OK &&
           (!stands ||
            store_unclaim(merging->session, &merging->collection, claim, loser) == STORE_OK);
}

static bool leave_rules(struct merging *merging, const struct record_found *loser)
{
    const struct resource *resource = merging->group->resource;
    bool ok = true;
    for (size_t i = 0; ok && i < resource->unique_count; i++) {
        const struct unique_rule *rule = &resource->unique[i];
        char *value = NULL;
        struct store_claim claim;
        ok = claimed_by(rule, loser->json, &claim, &value) &&
             (!value || leave_rule(merging, &claim, loser->id));
        free(value);
    }
    return ok;
}

/* Where the winner stands in the way of one that is merged into it, it takes over what that
 * claimed: else it would stand there for ever. */
static bool take_claim(struct merging *merging, const struct store_claim *claim, struct json *taken)
{
    struct store_session *session = merging->session;
    const struct store_collection *collection = &merging->collection;
    bool stands = false;
    int64_t holder = 0, merged_into = 0, unused = 0;
    bool ok = group_stands(session, collection, claim->rule, claim->value, merging->winner, &stands,
                           &holder) == STORE_OK;
    if (ok && stands && holder) {
        ok = store_record_find(session, collection, holder, STORE_NOW, NULL, &merged_into) ==
             STORE_OK;
    }
    if (!ok || merged_into != merging->winner) {
        return ok;
    }
    struct json *one = json_with(json_new_object(), "rule", json_new_string(claim->rule));
    one = json_with(one, "from", id_of(merging->group->resource, holder));
    return json_append(taken, one) &&
           store_unclaim(session, collection, claim, holder) == STORE_OK &&
           store_unclaim(session, collection, claim, merging->winner) == STORE_OK &&
           store_claim(session, collection, claim, merging->winner, &unused) == STORE_OK;
}

static bool take_claims(struct merging *merging, struct json *taken)
{
    const struct group *group = merging->group;
    bool ok = taken != NULL;
    for (size_t i = 0; ok && i < group->resource->unique_count; i++) {
        const struct unique_rule *rule = &group->resource->unique[i];
        char *value = NULL;
        struct store_claim claim;
        ok = claimed_by(rule, group->members[0].json, &claim, &value) &&
             (!value || take_claim(merging, &claim, taken));
        free(value);
    }
    return ok;
}

/* --- one loser, and all of them --- */

static bool merge_one(struct merging *merging, size_t i, struct json *entry)
{
    const struct group *group = merging->group;
    const struct record_found *loser = &group->members[i];
    struct json *carried = json_new_array(), *moved = json_new_array();
    struct json *lines = group->takes_lines ? json_copy(group->missing[i]) : NULL;
    bool ok = carried && moved && carry(merging, loser->id, carried) &&
              move_children(merging, loser->id, moved) && leave_rules(merging, loser) &&
              mark(merging, loser->id, json_copy(loser->json)) &&
              merges_note(merging->session, merging->doer, group->resource, loser->json,
                          merging->winner_text, "merged");
    ok = json_put(entry, "id", id_of(group->resource, loser->id)) && ok;
    ok = json_put(entry, "carried", carried) && ok;
    ok = json_put(entry, "moved", moved) && ok;
    return (!lines || json_put(entry, "lines", lines)) && ok;
}

static bool change_winner(struct merging *merging, struct json *losers)
{
    const struct group *group = merging->group;
    struct json *more = json_new_array(), *now = json_copy(group->members[0].json);
    bool ok = more && now;
    for (const struct json *loser = json_first(losers); ok && loser; loser = json_next(loser)) {
        const struct json *row = json_first(json_member(loser, "lines"));
        for (; ok && row; row = json_next(row)) {
            ok = json_append(more, json_copy(row));
        }
    }
    ok = ok &&
         merges_lines(merging->session, merging->doer->tenant, group->resource, merging->winner, 0,
                      more, &now) &&
         record_save(merging->session, &merging->collection, merging->winner, now);
    json_free(more);
    json_free(now);
    return ok;
}

static struct json *describe(const struct merging *merging, const char *id, struct json *losers,
                             struct json *taken)
{
    const struct group *group = merging->group;
    char at[CLOCK_TEXT_SIZE];
    clock_format(merging->doer->now, at);
    struct json *merge =
        json_new_texts("id", id, "resource", group->resource->name, "rule", group->rule->name,
                       "value", group->value, "winner", merging->winner_text, NULL);
    merge = json_with(merge, "losers", losers);
    merge = json_with(merge, "taken", taken);
    merge = json_with(merge, "at", json_new_string(at));
    return json_with(merge, "by", json_new_string(merging->doer->user));
}

static bool keep(struct merging *merging, struct json *losers, struct json *taken)
{
    const struct store_collection merges = merges_of(merging->doer->tenant);
    char id[ID_TEXT_SIZE];
    id_format(MERGE_PREFIX, merging->done->merge, id);
    struct json *merge = describe(merging, id, losers, taken);
    char *text = merge ? json_write(merge) : NULL;
    const struct store_record row = {.id = merging->done->merge,
                                     .parent = merging->winner,
                                     .json = text,
                                     .length = text ? strlen(text) : 0};
    bool ok = text && store_record_insert(merging->session, &merges, &row) == STORE_OK;
    free(text);
    json_free(merge);
    return ok;
}

bool merge_group(const struct group *group, struct store_session *session, const struct doer *doer,
                 struct merge_done *done)
{
    const struct store_collection merges = merges_of(doer->tenant);
    struct merging merging = {.group = group,
                              .session = session,
                              .doer = doer,
                              .done = done,
                              .collection = {doer->tenant, group->resource->name},
                              .winner = group->members[0].id};
    struct json *losers = json_new_array(), *taken = json_new_array();
    *done = (struct merge_done){0};
    id_format(group->resource->id_prefix, merging.winner, merging.winner_text);
    bool ok = losers && store_next_id(session, &merges, 1, &done->merge) == STORE_OK;
    for (size_t i = 1; ok && i < group->count; i++) {
        struct json *entry = json_new_object();
        ok = entry && merge_one(&merging, i, entry);
        ok = json_append(losers, entry) && ok;
    }
    ok = ok && take_claims(&merging, taken) &&
         (!group->takes_lines || change_winner(&merging, losers));
    if (!ok) {
        json_free(losers);
        json_free(taken);
        return false;
    }
    return keep(&merging, losers, taken);
}

bool merge_plan(const struct group *group, struct plan *plan)
{
    bool ok = !group->winner || plan_change(plan, group->members[0].id, group->winner);
    for (size_t i = 1; ok && i < group->count; i++) {
        ok = plan_merge(plan, group->members[i].id, group->members[0].id);
    }
    return ok;
}
