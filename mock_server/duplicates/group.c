#include "mock_server/duplicates/group.h"

#include "mock_server/duplicates/lines.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 500

static struct store_collection collection_of(const struct group *group)
{
    return (struct store_collection){group->tenant, group->resource->name};
}

/* --- what stands --- */

/* The next rows behind one, of the same rule and value where those are wanted. */
struct standing {
    const char *rule, *value; /* value NULL: whichever comes */
    char *found;              /* the value that came; owned */
    int64_t *records;
    size_t count;
    int64_t holder;
    bool failed;
};

static void take_standing(void *context, const struct store_standing *row)
{
    struct standing *standing = context;
    if (strcmp(row->rule, standing->rule) != 0 ||
        (standing->value && strcmp(row->value, standing->value) != 0)) {
        return;
    }
    if (!standing->value && !standing->found) {
        standing->found = strdup(row->value);
        standing->failed = !standing->found;
    }
    standing->holder = row->holder;
    if (standing->records) {
        standing->records[standing->count] = row->record;
    }
    standing->count++;
}

static enum store_status list_standing(struct store_session *session,
                                       const struct store_collection *collection, const char *value,
                                       int64_t record, int limit, struct standing *standing)
{
    const struct store_standing after = {
        .collection = *collection, .rule = standing->rule, .value = value, .record = record};
    enum store_status status = store_standing_list(
        session, &after, collection->tenant, collection->resource, limit, take_standing, standing);
    return standing->failed ? STORE_FAILED : status;
}

/* After the last record of the value that it has, or from the first. */
enum store_status group_next(struct group *group, struct store_session *session)
{
    const struct store_collection collection = collection_of(group);
    struct standing standing = {.rule = group->rule->name};
    enum store_status status = list_standing(session, &collection, group->value ? group->value : "",
                                             group->value ? INT64_MAX : 0, 1, &standing);
    free(group->value);
    group->value = standing.found;
    return status == STORE_OK && !standing.found ? STORE_ABSENT : status;
}

enum store_status group_stands(struct store_session *session,
                               const struct store_collection *collection, const char *rule,
                               const char *value, int64_t id, bool *stands, int64_t *holder)
{
    int64_t record = 0;
    struct standing standing = {.rule = rule, .value = value, .records = &record};
    enum store_status status = list_standing(session, collection, value, id - 1, 1, &standing);
    *stands = standing.count == 1 && record == id;
    *holder = standing.holder;
    return status;
}

/* --- the members --- */

static bool has(const struct group *group, int64_t id)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->members[i].id == id) {
            return true;
        }
    }
    return false;
}

static bool make_room(struct group *group)
{
    if (group->count < group->room) {
        return true;
    }
    size_t room = group->room ? 2 * group->room : 8;
    struct record_found *members = realloc(group->members, room * sizeof(struct record_found));
    group->members = members ? members : group->members;
    group->room = members ? room : group->room;
    return members != NULL;
}

static bool read_member(const struct group *group, struct store_session *session, struct plan *plan,
                        int64_t id, struct record_found *found)
{
    const struct store_collection collection = collection_of(group);
    return record_read(session, &collection, id, STORE_NOW, found) == STORE_OK &&
           (!plan || plan_look(plan, found));
}

/* The record, or the one that stands for it. One that is planned to be merged will stand in no
 * rule's way then, so that it is none of the group's unless it has the claim. */
static bool add_member(struct group *group, struct store_session *session, struct plan *plan,
                       int64_t id, bool stands)
{
    struct record_found found;
    bool ok = read_member(group, session, plan, id, &found);
    if (ok && found.merged_into && plan && stands) {
        record_release(&found);
        return true;
    }
    if (ok && found.merged_into) {
        int64_t into = found.merged_into;
        record_release(&found);
        ok = has(group, into) || read_member(group, session, plan, into, &found);
    }
    if (!ok || !found.json || has(group, found.id) || !make_room(group)) {
        bool known = ok && (!found.json || has(group, found.id));
        record_release(&found);
        return known;
    }
    group->members[group->count++] = found;
    return true;
}

static int by_age(const void *left, const void *right)
{
    const struct record_found *a = left, *b = right;
    if (a->created_at != b->created_at) {
        return a->created_at < b->created_at ? -1 : 1;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool read_members(struct group *group, struct store_session *session, struct plan *plan)
{
    const struct store_collection collection = collection_of(group);
    int64_t records[PAGE], last = 0;
    bool ok = true, holder_added = false;
    size_t count = 0;
    do {
        struct standing standing = {
            .rule = group->rule->name, .value = group->value, .records = records};
        ok = list_standing(session, &collection, group->value, last, PAGE, &standing) == STORE_OK;
        count = ok ? standing.count : 0;
        if (count > 0 && standing.holder && !holder_added) {
            ok = add_member(group, session, plan, standing.holder, false);
            holder_added = true;
        }
        for (size_t i = 0; ok && i < count; i++) {
            ok = add_member(group, session, plan, records[i], true);
            last = records[i];
        }
    } while (ok && count == PAGE);
    if (ok && group->count > 1) {
        qsort(group->members, group->count, sizeof(struct record_found), by_age);
    }
    return ok;
}

/* --- what is to become of them --- */

static const char *currency_of(const struct group *group, size_t member)
{
    const struct fields *fields = &group->resource->fields;
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].kind == FIELD_CURRENCY) {
            const char *text = json_text(group->members[member].json, fields->items[i].name);
            return text ? text : "";
        }
    }
    return "";
}

static void leave(struct group *group, const char *reason)
{
    group->action = GROUP_LEAVE;
    group->reason = reason;
}

/* Puts the missing lines behind the winner's. */
static bool take_missing(struct group *group, struct json *rows)
{
    enum lines_end end = LINES_OK;
    struct json *winner = json_copy(group->members[0].json);
    end = winner ? lines_put(group->resource, &winner, rows) : LINES_FAILED;
    if (end == LINES_TOO_MANY) {
        leave(group, "their lines differ, and together would be too many");
    } else if (end == LINES_TOO_LARGE) {
        leave(group, "their lines differ, and together would come to too much");
    }
    if (end == LINES_OK) {
        group->winner = winner;
    } else {
        json_free(winner);
    }
    return end != LINES_FAILED;
}

/* What each lacks of the lines that came together so far. `rows` grows. */
static bool find_missing(struct group *group, struct json *rows, bool *differ)
{
    const struct field *field = resource_rows(group->resource);
    bool ok = true;
    for (size_t i = 1; ok && i < group->count; i++) {
        size_t beyond = 0, unlike = 0;
        struct json *all = json_with(json_new_object(), field->name, json_copy(rows));
        group->missing[i] =
            all ? lines_missing(group->resource, all, group->members[i].json, &beyond) : NULL;
        struct json *alone =
            lines_missing(group->resource, group->members[0].json, group->members[i].json, &unlike);
        ok = group->missing[i] && alone;
        *differ = *differ || unlike > 0 || json_count(alone) > 0;
        for (const struct json *row = json_first(group->missing[i]); ok && row;
             row = json_next(row)) {
            ok = json_append(rows, json_copy(row));
            group->takes_lines = true;
        }
        json_free(alone);
        json_free(all);
    }
    return ok;
}

static bool judge_lines(struct group *group, bool take_lines)
{
    const struct field *field = resource_rows(group->resource);
    const struct json *own = field ? json_member(group->members[0].json, field->name) : NULL;
    bool differ = false;
    if (!own) {
        return true;
    }
    struct json *rows = json_copy(own);
    bool ok = rows && find_missing(group, rows, &differ);
    if (ok && differ && !take_lines) {
        leave(group, "their lines differ");
    } else if (ok && group->takes_lines) {
        ok = take_missing(group, rows);
    }
    group->takes_lines = group->winner != NULL;
    json_free(rows);
    return ok;
}

static bool judge(struct group *group, bool take_lines)
{
    group->action = GROUP_MERGE;
    group->missing = calloc(group->count, sizeof(struct json *));
    for (size_t i = 1; i < group->count; i++) {
        if (strcmp(currency_of(group, 0), currency_of(group, i)) != 0) {
            leave(group, "their currencies differ");
        }
    }
    return group->missing && (group->action == GROUP_LEAVE || judge_lines(group, take_lines));
}

bool group_read(struct group *group, struct store_session *session, struct plan *plan,
                bool take_lines)
{
    group->action = GROUP_NONE;
    return read_members(group, session, plan) && (group->count < 2 || judge(group, take_lines));
}

void group_forget(struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        record_release(&group->members[i]);
        if (group->missing) {
            json_free(group->missing[i]);
        }
    }
    free(group->missing);
    free(group->members);
    json_free(group->winner);
    *group = (struct group){.tenant = group->tenant,
                            .resource = group->resource,
                            .rule = group->rule,
                            .value = group->value};
}

void group_clear(struct group *group)
{
    group_forget(group);
    free(group->value);
    group->value = NULL;
}
