#include "mock_server/duplicates/alike.h"

#include "mock_server/base/command_line.h"
#include "mock_server/base/stop.h"
#include "mock_server/duplicates/progress.h"
#include "mock_server/duplicates/scratch.h"
#include "mock_server/duplicates/skeleton.h"
#include "protocol/wire/buffer.h"

#include <stdlib.h>
#include <string.h>

#define PAGE        1000
#define MEMBERS_MAX 1000 /* of one group; more are told as the next one */

/* What they have in common; each is a run of its own. */
enum likeness_of { OF_FACTS, OF_LOOKS };

struct scan {
    struct store_session *session;
    const char *tenant;
    const struct resource *resource;
    struct scratch scratch;
    sqlite3_stmt *insert;
    alike_each *each;
    void *context;
    int64_t read, first, last; /* records, and the ids of the newest and the latest one */
    bool failed;
};

/* --- what they share --- */

/* The folded part of the first rule, and the others of it; false: no such record has it, or memory
 * is out. */
static bool put_looks(const struct scan *scan, const struct json *record, struct buffer *key)
{
    const struct unique_part *parts = scan->resource->unique[0].parts;
    bool ok = true;
    for (int i = 0; ok && i < RESOURCE_PARTS_MAX && parts[i].name; i++) {
        char *value = unique_part_value(&parts[i], record);
        char *looks = value && parts[i].likeness == AS_FOLDED ? skeleton_of(value) : NULL;
        ok = value && value[0] != '\0' && (looks || parts[i].likeness != AS_FOLDED);
        if (ok) {
            buffer_printf(key, "%s" STORE_PART_END, looks ? looks : value);
        }
        free(looks);
        free(value);
    }
    return ok;
}

static bool put_facts(const struct scan *scan, const struct json *record, struct buffer *key)
{
    bool ok = scan->resource->alike[0].name != NULL;
    for (int i = 0; ok && i < RESOURCE_ALIKE_MAX && scan->resource->alike[i].name; i++) {
        char *value = unique_part_value(&scan->resource->alike[i], record);
        ok = value && value[0] != '\0';
        buffer_printf(key, "%s" STORE_PART_END, value ? value : "");
        free(value);
    }
    return ok;
}

static bool put_key(const struct scan *scan, enum likeness_of of, const struct json *record,
                    struct buffer *key)
{
    buffer_append(key, of == OF_LOOKS ? "l" : "f", 1);
    bool ok = of == OF_LOOKS ? put_looks(scan, record, key) : put_facts(scan, record, key);
    return ok && !key->failed;
}

/* FNV-1a: those that share one by chance are told apart later. */
static int64_t hash_of(const struct buffer *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < key->length; i++) {
        hash = (hash ^ (unsigned char)key->bytes[i]) * UINT64_C(0x100000001b3);
    }
    return (int64_t)hash;
}

/* --- the scan --- */

static void note(struct scan *scan, enum likeness_of of, int64_t id, const struct json *record)
{
    struct buffer key = {0};
    bool failed = false;
    if (put_key(scan, of, record, &key)) {
        sqlite3_bind_int64(scan->insert, 1, hash_of(&key));
        sqlite3_bind_int64(scan->insert, 2, (int64_t)of);
        sqlite3_bind_int64(scan->insert, 3, id);
        scratch_step(&scan->scratch, scan->insert, &failed);
    }
    scan->failed = scan->failed || failed || key.failed;
    buffer_clear(&key);
}

static void take_record(void *context, int64_t id, const char *json)
{
    struct scan *scan = context;
    struct json *record = json_read(json, strlen(json));
    scan->failed = scan->failed || !record;
    scan->first = scan->first ? scan->first : id;
    scan->last = id;
    scan->read++;
    if (record && !scan->failed) {
        note(scan, OF_FACTS, id, record);
        note(scan, OF_LOOKS, id, record);
    }
    json_free(record);
}

static bool read_all(struct scan *scan)
{
    struct store_filter filter = {.collection = {scan->tenant, scan->resource->name},
                                  .merged = STORE_UNMERGED,
                                  .limit = PAGE};
    int64_t before = 0;
    do {
        before = scan->read;
        if (stop_is_asked() ||
            store_record_list(scan->session, &filter, take_record, scan) != STORE_OK ||
            scan->failed) {
            return false;
        }
        filter.before = scan->last;
        progress_tell(scan->read, scan->first - scan->last, scan->first);
    } while (scan->read - before == PAGE);
    return true;
}

/* --- the groups --- */

static bool is_one(const struct scan *scan, const struct record_found *one,
                   const struct record_found *other)
{
    char *left = unique_part_value(&scan->resource->unique[0].parts[0], one->json);
    char *right = unique_part_value(&scan->resource->unique[0].parts[0], other->json);
    bool same = left && right && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

/* Those that break a rule are another matter: some must go by another name. */
static bool is_worth_telling(const struct scan *scan, const struct record_found *members,
                             size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (!is_one(scan, &members[0], &members[i])) {
            return true;
        }
    }
    return false;
}

static bool has_key(const struct scan *scan, enum likeness_of of, const struct record_found *found,
                    struct buffer *first)
{
    struct buffer key = {0};
    bool same = put_key(scan, of, found->json, &key);
    if (same && first->length == 0) {
        buffer_append(first, key.bytes, key.length);
    } else if (same) {
        same = key.length == first->length && memcmp(key.bytes, first->bytes, key.length) == 0;
    }
    buffer_clear(&key);
    return same;
}

/* "the same email, issue_date, gross and currency under another number" */
static void put_why(const struct resource *resource, enum likeness_of of, struct buffer *why)
{
    const char *name = resource->unique[0].parts[0].name;
    if (of == OF_LOOKS) {
        buffer_printf(why, "the %s only looks different", name);
        return;
    }
    for (int i = 0; i < RESOURCE_ALIKE_MAX && resource->alike[i].name; i++) {
        bool last = i + 1 == RESOURCE_ALIKE_MAX || !resource->alike[i + 1].name;
        buffer_printf(why, "%s%s",
                      i == 0 ? "the same "
                      : last ? " and "
                             : ", ",
                      resource->alike[i].name);
    }
    buffer_printf(why, " under another %s", name);
}

static bool tell(struct scan *scan, enum likeness_of of, const struct record_found *members,
                 size_t count)
{
    struct buffer why = {0};
    put_why(scan->resource, of, &why);
    buffer_append(&why, "", 1);
    const struct alike alike = {why.bytes, members, count};
    bool ok = !why.failed && scan->each(scan->context, &alike);
    buffer_clear(&why);
    return ok;
}

static bool tell_group(struct scan *scan, enum likeness_of of, const int64_t *ids, size_t count)
{
    const struct store_collection collection = {scan->tenant, scan->resource->name};
    struct record_found *members = calloc(count, sizeof(struct record_found));
    struct buffer key = {0};
    size_t found = 0;
    bool ok = members != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        ok =
            record_read(scan->session, &collection, ids[i], STORE_NOW, &members[found]) == STORE_OK;
        if (ok && (members[found].merged_into || !has_key(scan, of, &members[found], &key))) {
            record_release(&members[found]); /* it has changed meanwhile */
        } else {
            found++;
        }
    }
    if (ok && found > 1 && is_worth_telling(scan, members, found)) {
        ok = tell(scan, of, members, found);
    }
    for (size_t i = 0; members && i < found; i++) {
        record_release(&members[i]);
    }
    free(members);
    buffer_clear(&key);
    return ok;
}

static bool tell_groups(struct scan *scan)
{
    sqlite3_stmt *sorted = scratch_prepare(
        &scan->scratch, "SELECT key, likeness, record FROM seen ORDER BY likeness, key, record");
    int64_t ids[MEMBERS_MAX], key = 0, of = OF_FACTS;
    size_t count = 0;
    bool ok = sorted != NULL, failed = false;
    while (ok && scratch_step(&scan->scratch, sorted, &failed)) {
        bool same = count > 0 && count < MEMBERS_MAX && key == sqlite3_column_int64(sorted, 0) &&
                    of == sqlite3_column_int64(sorted, 1);
        if (!same) {
            ok = count < 2 ||
                 (!stop_is_asked() && tell_group(scan, (enum likeness_of)of, ids, count));
            key = sqlite3_column_int64(sorted, 0);
            of = sqlite3_column_int64(sorted, 1);
            count = 0;
        }
        ids[count++] = sqlite3_column_int64(sorted, 2);
    }
    ok = ok && !failed && (count < 2 || tell_group(scan, (enum likeness_of)of, ids, count));
    sqlite3_finalize(sorted);
    return ok;
}

bool alike_find(struct store_session *session, const char *tenant, const struct resource *resource,
                alike_each *each, void *context)
{
    struct scan scan = {.session = session,
                        .tenant = tenant,
                        .resource = resource,
                        .each = each,
                        .context = context};
    if (!skeleton_load() ||
        !scratch_open(&scan.scratch,
                      "CREATE TABLE seen (key INTEGER NOT NULL, likeness INTEGER NOT NULL,"
                      " record INTEGER NOT NULL)")) {
        return false;
    }
    scan.insert = scratch_prepare(&scan.scratch, "INSERT INTO seen VALUES (?1, ?2, ?3)");
    bool ok = scan.insert && read_all(&scan) && tell_groups(&scan);
    sqlite3_finalize(scan.insert);
    scratch_close(&scan.scratch);
    return ok;
}
