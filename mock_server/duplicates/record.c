#include "mock_server/duplicates/record.h"

#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 500

enum store_status record_read(struct store_session *session,
                              const struct store_collection *collection, int64_t id,
                              enum store_age age, struct record_found *found)
{
    char *text = NULL;
    *found = (struct record_found){.id = id};
    enum store_status status =
        store_record_find(session, collection, id, age, &text, &found->merged_into);
    if (status != STORE_OK) {
        return status;
    }
    found->json = json_read(text, strlen(text));
    const char *created_at = json_text(found->json, "created_at");
    if (!created_at || !clock_parse(created_at, &found->created_at)) {
        found->created_at = INT64_MAX; /* it is damaged: no other one is younger */
    }
    free(text);
    return found->json ? STORE_OK : STORE_FAILED;
}

void record_release(struct record_found *found)
{
    json_free(found->json);
    *found = (struct record_found){0};
}

bool record_save(struct store_session *session, const struct store_collection *collection,
                 int64_t id, const struct json *json)
{
    char *created = NULL;
    char *text = json_write(json);
    bool ok = text &&
              store_record_find(session, collection, id, STORE_CREATED, &created, NULL) == STORE_OK;
    ok = ok && store_record_change(session, collection, id,
                                   strcmp(text, created) == 0 ? NULL : text) == STORE_OK;
    free(created);
    free(text);
    return ok;
}

/* Moves the members of one object behind those of another; false: out of memory. */
static bool move_first(struct json *from, struct json *to)
{
    struct json *member = json_first(from);
    char *name = strdup(json_name(member));
    bool ok = name && json_put(to, name, json_take(from, member));
    free(name);
    return ok;
}

struct json *record_with(struct json *object, const char *name, struct json *value)
{
    struct json *made = json_new_object();
    bool put = value == NULL, ok = made != NULL;
    while (ok && json_first(object)) {
        if (strcmp(json_name(json_first(object)), name) != 0) {
            ok = move_first(object, made);
            continue;
        }
        json_free(json_take(object, json_first(object)));
        ok = put || json_put(made, name, value);
        value = NULL;
        put = true;
    }
    if (!put && ok) {
        ok = json_put(made, name, value);
    } else if (!put) {
        json_free(value);
    }
    json_free(object);
    if (!ok) {
        json_free(made);
        return NULL;
    }
    return made;
}

struct json *record_unmark(struct json *json, const struct json *created)
{
    const char *status = json_text(created, "status");
    json_remove(json, "merged_into");
    return record_with(json, "status", status ? json_new_string(status) : NULL);
}

/* --- lists --- */

static void gather_one(void *context, int64_t id, const char *json)
{
    struct record_list *list = context;
    if (list->count == list->room && !list->failed) {
        size_t room = list->room ? 2 * list->room : 16;
        struct record_row *rows = realloc(list->rows, room * sizeof(struct record_row));
        list->failed = !rows;
        list->rows = rows ? rows : list->rows;
        list->room = rows ? room : list->room;
    }
    char *copy = list->failed ? NULL : strdup(json);
    list->failed = !copy;
    if (copy) {
        list->rows[list->count++] = (struct record_row){id, copy};
    }
}

bool record_gather(struct store_session *session, struct store_filter filter,
                   struct record_list *list)
{
    size_t before = 0;
    filter.limit = PAGE;
    filter.before = 0;
    do {
        before = list->count;
        if (store_record_list(session, &filter, gather_one, list) != STORE_OK || list->failed) {
            return false;
        }
        filter.before = list->count > 0 ? list->rows[list->count - 1].id : 0;
    } while (list->count - before == PAGE);
    return true;
}

void record_list_clear(struct record_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->rows[i].json);
    }
    free(list->rows);
    *list = (struct record_list){0};
}
