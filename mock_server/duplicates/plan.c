#include "mock_server/duplicates/plan.h"

#include <stdlib.h>
#include <string.h>

bool plan_open(struct plan *plan)
{
    *plan = (struct plan){0};
    if (!scratch_open(&plan->scratch,
                      "CREATE TABLE planned (id INTEGER PRIMARY KEY, into_id INTEGER,"
                      " json TEXT);"
                      "CREATE INDEX planned_into ON planned (into_id)")) {
        return false;
    }
    plan->find = scratch_prepare(&plan->scratch, "SELECT into_id, json FROM planned WHERE id = ?1");
    plan->merge =
        scratch_prepare(&plan->scratch, "INSERT INTO planned (id, into_id) VALUES (?1, ?2)"
                                        " ON CONFLICT DO UPDATE SET into_id = ?2");
    plan->carry =
        scratch_prepare(&plan->scratch, "UPDATE planned SET into_id = ?2 WHERE into_id = ?1");
    plan->change = scratch_prepare(&plan->scratch, "INSERT INTO planned (id, json) VALUES (?1, ?2)"
                                                   " ON CONFLICT DO UPDATE SET json = ?2");
    return plan->find && plan->merge && plan->carry && plan->change;
}

void plan_close(struct plan *plan)
{
    sqlite3_finalize(plan->find);
    sqlite3_finalize(plan->merge);
    sqlite3_finalize(plan->carry);
    sqlite3_finalize(plan->change);
    scratch_close(&plan->scratch);
}

bool plan_look(struct plan *plan, struct record_found *found)
{
    bool failed = false;
    sqlite3_bind_int64(plan->find, 1, found->id);
    if (scratch_step(&plan->scratch, plan->find, &failed)) {
        const char *text = (const char *)sqlite3_column_text(plan->find, 1);
        found->merged_into = sqlite3_column_type(plan->find, 0) == SQLITE_NULL
                                 ? found->merged_into
                                 : sqlite3_column_int64(plan->find, 0);
        if (text) {
            json_free(found->json);
            found->json = json_read(text, strlen(text));
            failed = !found->json;
        }
    }
    sqlite3_reset(plan->find);
    return !failed;
}

static bool run(struct plan *plan, sqlite3_stmt *statement, int64_t id, int64_t into)
{
    bool failed = false;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, into);
    scratch_step(&plan->scratch, statement, &failed);
    sqlite3_reset(statement);
    return !failed;
}

/* Those that were merged into it go with it. */
bool plan_merge(struct plan *plan, int64_t id, int64_t into)
{
    return run(plan, plan->carry, id, into) && run(plan, plan->merge, id, into);
}

bool plan_change(struct plan *plan, int64_t id, const struct json *json)
{
    bool failed = false;
    char *text = json_write(json);
    sqlite3_bind_int64(plan->change, 1, id);
    sqlite3_bind_text(plan->change, 2, text, -1, SQLITE_STATIC);
    scratch_step(&plan->scratch, plan->change, &failed);
    sqlite3_reset(plan->change);
    free(text);
    return text && !failed;
}
