#include "tests/unit/failing_acts.h"

#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/failing_sqlite.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS_MAX 60 /* of one act */

void act_open(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    scene->intent = place_intent("2026-0042");
}

void act_recorded(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    scene->intent = place_record(scene->journal, "2026-0042");
}

void act_told_and_recorded(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    assert_int_equal(journal_identify(scene->journal, "north"), JOURNAL_OK);
    scene->intent = place_record(scene->journal, "2026-0042");
}

/* What is in the journal, but for keys, times and processes. The caller frees. */
static char *contents(const struct place *place)
{
    static const char *const QUERIES[] = {
        "SELECT account LIKE '% north' AS named, name, scope, state,"
        " owner IS NULL AS free, result, replayed, run, position, unseen FROM intents ORDER BY id",
        "SELECT i.name, attempt, ended_ms IS NULL AS begun, fate, http_status FROM attempts a"
        " JOIN intents i ON i.id = a.intent ORDER BY intent, attempt",
        "SELECT id, account LIKE '% north' AS named, owner IS NULL AS free FROM runs ORDER BY id",
        "SELECT kind, body FROM drafts ORDER BY kind, body",
        "SELECT server, tenant FROM accounts ORDER BY tenant",
    };
    char *text = support_format("%s", "");
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        struct json *rows = rows_read(place->path, QUERIES[i], NULL);
        char *part = json_write(rows), *longer = support_format("%s%s\n", text, part);
        json_free(rows);
        free(part);
        free(text);
        text = longer;
    }
    return text;
}

static struct scene set_scene(const struct act *act)
{
    struct scene scene = {0};
    void *place = NULL;
    assert_int_equal(place_set_up(&place), 0);
    scene.place = place;
    act->prepare(&scene);
    return scene;
}

static void leave(struct scene *scene)
{
    void *place = scene->place;
    journal_draft_clear(&scene->draft);
    journal_close(scene->journal);
    journal_close(scene->other);
    place_tear_down(&place);
}

static bool fails_at(const struct act *act, int nth, int code, const char *after)
{
    struct scene scene = set_scene(act);
    char *before = act->opens ? NULL : contents(scene.place);
    if (code == SQLITE_NOMEM)
        failing_memory_arm(nth);
    else
        failing_sqlite_arm(nth, code);
    enum journal_status status = act->perform(&scene);
    bool struck = failing_sqlite_disarm();
    if (status != act->expected) {
        enum journal_status failure = code == SQLITE_BUSY ? JOURNAL_LOCKED : JOURNAL_FAILED;
        if (!struck || status != failure)
            fail_msg("%s, call %d, code %d: status %d, %s", act->name, nth, code, (int)status,
                     scene.journal != NULL ? journal_sentence(scene.journal) : "");
        if (scene.journal != NULL) assert_string_not_equal(journal_sentence(scene.journal), "");
        if (!act->opens) {
            char *now = contents(scene.place);
            if (strcmp(now, before) != 0)
                fail_msg("%s, call %d: was\n%sis\n%s", act->name, nth, before, now);
            free(now);
        }
        if (act->opens && scene.journal != NULL)
            assert_int_equal(journal_ready(scene.journal), JOURNAL_OK);
        else
            assert_int_equal(act->perform(&scene), act->expected);
    }
    char *now = contents(scene.place);
    if (after != NULL && strcmp(now, after) != 0)
        fail_msg("%s, call %d, in the end: should be\n%sis\n%s", act->name, nth, after, now);
    free(now);
    free(before);
    leave(&scene);
    return struck;
}

static void fail_in_turn(const struct act *act, int code)
{
    struct scene scene = set_scene(act);
    assert_int_equal(act->perform(&scene), act->expected);
    char *after = contents(scene.place);
    leave(&scene);
    int nth = 1;
    while (fails_at(act, nth, code, after))
        assert_in_range(++nth, 1, CALLS_MAX);
    free(after);
}

void acts_fail(const struct act *acts, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        fail_in_turn(&acts[i], code);
}

void acts_fail_without_memory(const struct act *acts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (acts[i].copies) fail_in_turn(&acts[i], SQLITE_NOMEM);
}

int acts_in_memory(void **unused)
{
    (void)unused;
    return access("/dev/shm", W_OK) == 0 ? setenv("TMPDIR", "/dev/shm", 0) : 0;
}
