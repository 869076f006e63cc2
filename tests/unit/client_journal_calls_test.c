/* Every call of the journal to SQLite that fails, in turn: nothing was done then, it says so, and
 * the same once more does it. */
#include "protocol/client/journal/journal_draft.h"
#include "protocol/client/journal/journal_last.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/failing_sqlite.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define INPUT     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CALLS_MAX 60 /* of one act */

static const struct journal_account BOB = {PLACE_SERVER, "north-bob-0123456789abcdef"};

/* What an act is about. */
struct scene {
    struct place *place;
    struct journal *journal, *other; /* NULL: none */
    const struct intent *intent;
    int64_t run;
    struct journal_draft draft;
};

struct act {
    const char *name;
    void (*prepare)(struct scene *scene);
    enum journal_status (*perform)(struct scene *scene);
    enum journal_status expected;
    bool copies; /* texts, or arrays that grow: then each of these fails, too */
};

static struct intent *another_of(const struct intent *intent)
{
    struct json *body = sample_invoice("2026-0042");
    struct intent *another = intent_freeze(&INVOICE, body, intent->key);
    json_free(body);
    return another;
}

/* --- an intent from its record to its end --- */

static void open_only(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    scene->intent = place_intent("2026-0042");
}

static void recorded(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    scene->intent = place_record(scene->journal, "2026-0042");
}

static void told_and_recorded(struct scene *scene)
{
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
    assert_int_equal(journal_identify(scene->journal, "north"), JOURNAL_OK);
    scene->intent = place_record(scene->journal, "2026-0042");
}

static void held_elsewhere(struct scene *scene)
{
    open_only(scene);
    scene->other = place_open(scene->place->path, &PLACE_ANA);
    place_record(scene->other, "2026-0042");
}

static void attempt_over(struct scene *scene)
{
    recorded(scene);
    assert_int_equal(journal_attempt_end(scene->journal, scene->intent, 1, REPLY_UNKNOWN, 0),
                     JOURNAL_OK);
}

static enum journal_status record(struct scene *scene)
{
    return journal_record(scene->journal, scene->intent);
}

static enum journal_status begin(struct scene *scene)
{
    unsigned attempt;
    bool arrived;
    return journal_attempt_begin(scene->journal, scene->intent, &attempt, &arrived);
}

static enum journal_status end(struct scene *scene)
{
    return journal_attempt_end(scene->journal, scene->intent, 1, REPLY_WHOLE, 503);
}

static enum journal_status reject(struct scene *scene)
{
    return journal_settle(scene->journal, scene->intent, JOURNAL_REJECTED, NULL);
}

static enum journal_status end_and_settle(struct scene *scene)
{
    return journal_end_and_settle(scene->journal, scene->intent, 1, REPLY_WHOLE, 201,
                                  JOURNAL_CREATED, NULL);
}

static enum journal_status release(struct scene *scene)
{
    return journal_release(scene->journal, scene->intent->key, scene->intent->fingerprint);
}

static enum journal_status may_send(struct scene *scene)
{
    return journal_may_send(scene->journal, scene->intent);
}

static enum journal_status all_as_one(struct scene *scene)
{
    journal_gather(scene->journal);
    journal_record(scene->journal, scene->intent);
    journal_attempt_end(scene->journal, scene->intent, 1, REPLY_WHOLE, 422);
    journal_settle(scene->journal, scene->intent, JOURNAL_REJECTED, NULL);
    return journal_commit(scene->journal);
}

/* --- what is left, listed and taken up --- */

static void left_behind(struct scene *scene)
{
    told_and_recorded(scene);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
}

static void settled(struct scene *scene)
{
    recorded(scene);
    struct json *result = json_new_texts("title", "no", NULL);
    assert_int_equal(journal_settle(scene->journal, scene->intent, JOURNAL_CONFLICT, result),
                     JOURNAL_OK);
    json_free(result);
}

static enum journal_status adopt(struct scene *scene)
{
    struct intent *intent;
    unsigned attempts;
    enum journal_status status = journal_adopt(scene->journal, &intent, &attempts);
    if (status == JOURNAL_OK && intent == NULL) /* the round that failed has ended */
        status = journal_adopt(scene->journal, &intent, &attempts);
    assert_int_equal(intent != NULL, status == JOURNAL_OK);
    intent_free(intent);
    return status;
}

static enum journal_status adopt_same(struct scene *scene)
{
    struct intent *intent;
    unsigned attempts;
    enum journal_status status =
        journal_adopt_same(scene->journal, scene->intent, &intent, &attempts);
    assert_int_equal(intent != NULL, status == JOURNAL_OK);
    intent_free(intent);
    return status;
}

static enum journal_status read_it(struct scene *scene)
{
    struct intent *intent;
    enum journal_status status = journal_read_intent(scene->journal, scene->intent->key,
                                                     scene->intent->fingerprint, &intent);
    assert_int_equal(intent != NULL, status == JOURNAL_OK);
    if (intent != NULL) assert_string_equal(intent->body, scene->intent->body);
    intent_free(intent);
    return status;
}

typedef enum journal_status lister(struct journal *journal, struct journal_entry **entries,
                                   size_t *count);

static enum journal_status list_by(struct scene *scene, lister *by)
{
    struct journal_entry *entries;
    size_t count;
    enum journal_status status = by(scene->journal, &entries, &count);
    assert_int_equal(count, status == JOURNAL_OK);
    if (count > 0) assert_string_equal(entries[0].key, scene->intent->key);
    journal_entries_free(entries, count);
    return status;
}

static enum journal_status list_open(struct scene *scene)
{
    return list_by(scene, journal_list_open);
}

static enum journal_status list_all_open(struct scene *scene)
{
    return list_by(scene, journal_list_all_open);
}

static enum journal_status list_unseen(struct scene *scene)
{
    return list_by(scene, journal_list_unseen);
}

static enum journal_status list_all_unseen(struct scene *scene)
{
    return list_by(scene, journal_list_all_unseen);
}

static enum journal_status find(struct scene *scene)
{
    struct journal_entry *entry;
    enum journal_status status =
        journal_find(scene->journal, scene->intent->key, scene->intent->fingerprint, &entry);
    assert_int_equal(entry != NULL, status == JOURNAL_OK);
    if (entry != NULL) journal_entries_free(entry, 1);
    return status;
}

static enum journal_status see(struct scene *scene)
{
    return journal_see(scene->journal, scene->intent->key);
}

static enum journal_status see_anywhere(struct scene *scene)
{
    size_t count = 0;
    enum journal_status status = journal_see_anywhere(scene->journal, scene->intent->key, &count);
    if (status == JOURNAL_OK) assert_int_equal(count, 1);
    return status;
}

/* --- runs --- */

static void run_cut_short(struct scene *scene)
{
    struct journal_run run;
    open_only(scene);
    assert_int_equal(journal_run_begin(scene->journal, INPUT, &run), JOURNAL_OK);
    struct journal_recording item = {.intent = scene->intent, .run = run.id, .position = 1};
    assert_int_equal(journal_record_all(scene->journal, &item, 1), JOURNAL_OK);
    assert_int_equal(item.status, JOURNAL_OK);
    journal_close(scene->journal);
    scene->run = run.id;
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
}

/* One under a token that was never named, and this tenant's own with the same record in its place.
 */
static void run_of_two_tokens(struct scene *scene)
{
    run_cut_short(scene);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &BOB);
    assert_int_equal(journal_identify(scene->journal, "north"), JOURNAL_OK);
    rows_change(scene->place->path,
                "INSERT INTO runs (account, input, begun_ms) VALUES ('" PLACE_SERVER
                " north', '" INPUT "', 1);"
                "INSERT INTO intents (account, key, kind, server, name, scope, body, fingerprint,"
                " state, created_ms, run, position) SELECT '" PLACE_SERVER
                " north', key, kind, server, name, scope, body, fingerprint, 'created', 1,"
                " (SELECT max(id) FROM runs), 1 FROM intents;"
                "INSERT INTO intents (account, key, kind, server, name, scope, body, fingerprint,"
                " state, created_ms, run, position) SELECT account, key || 'x', kind, server, name,"
                " scope || 'x', body, fingerprint, 'open', 1, run, 2 FROM intents WHERE id = 1;"
                "INSERT INTO intents (account, key, kind, server, name, scope, body, fingerprint,"
                " state, created_ms, run, position) SELECT account, key || 'y', kind, server, name,"
                " scope, body, fingerprint, 'rejected', 1, run, 3 FROM intents WHERE id = 1");
}

static enum journal_status run_begin(struct scene *scene)
{
    struct journal_run run;
    return journal_run_begin(scene->journal, INPUT, &run);
}

static enum journal_status run_end(struct scene *scene)
{
    return journal_run_end(scene->journal, scene->run);
}

static enum journal_status find_placed(struct scene *scene)
{
    struct journal_entry *entry;
    enum journal_status status = journal_find_placed(scene->journal, scene->run, 1, &entry);
    assert_int_equal(entry != NULL, status == JOURNAL_OK);
    if (entry != NULL) journal_entries_free(entry, 1);
    return status;
}

static void settled_long_ago(struct scene *scene)
{
    run_cut_short(scene);
    rows_change(scene->place->path, "UPDATE intents SET state = 'created', settled_ms = 1;"
                                    "UPDATE runs SET begun_ms = 1");
}

static enum journal_status prune(struct scene *scene)
{
    return journal_prune(scene->journal, 1000);
}

/* --- whose they are --- */

/* The tenant has it already, under another token. */
static void had_already(struct scene *scene)
{
    told_and_recorded(scene);
    assert_int_equal(journal_attempt_end(scene->journal, scene->intent, 1, REPLY_UNKNOWN, 0),
                     JOURNAL_OK);
    assert_int_equal(journal_settle(scene->journal, scene->intent, JOURNAL_UNCONFIRMED, NULL),
                     JOURNAL_OK);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &BOB);
    assert_int_equal(place_record_this(scene->journal, another_of(scene->intent)), JOURNAL_OK);
}

static void left_unnamed(struct scene *scene)
{
    recorded(scene);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &BOB);
    assert_int_equal(journal_identify(scene->journal, "north"), JOURNAL_OK);
}

static enum journal_status identify(struct scene *scene)
{
    enum journal_status status = journal_identify(scene->journal, "north");
    assert_int_equal(journal_certainty(scene->journal) == JOURNAL_TOLD, status == JOURNAL_OK);
    return status;
}

static enum journal_status count_unnamed(struct scene *scene)
{
    size_t count;
    enum journal_status status = journal_count_unnamed(scene->journal, &count);
    assert_int_equal(count, status == JOURNAL_OK);
    return status;
}

static enum journal_status take_over(struct scene *scene)
{
    return journal_take_over(scene->journal);
}

static enum journal_status take_over_one(struct scene *scene)
{
    return journal_take_over_one(scene->journal, scene->intent);
}

/* --- drafts --- */

static void drafted(struct scene *scene)
{
    open_only(scene);
    assert_int_equal(journal_draft_save(scene->journal, "invoice", "{\"number\":\"1\"}"),
                     JOURNAL_OK);
}

static void draft_left(struct scene *scene)
{
    drafted(scene);
    journal_close(scene->journal);
    open_only(scene);
    assert_int_equal(journal_draft_find(scene->journal, "invoice", &scene->draft), JOURNAL_OK);
    assert_non_null(scene->draft.body);
}

static enum journal_status draft_save(struct scene *scene)
{
    return journal_draft_save(scene->journal, "invoice", "{\"number\":\"2\"}");
}

static enum journal_status draft_drop(struct scene *scene)
{
    return journal_draft_drop(scene->journal);
}

static enum journal_status draft_throw(struct scene *scene)
{
    return journal_draft_throw(scene->journal, "invoice");
}

static enum journal_status draft_take(struct scene *scene)
{
    return journal_draft_take(scene->journal, "invoice", &scene->draft);
}

static enum journal_status draft_find(struct scene *scene)
{
    struct journal_draft draft;
    enum journal_status status = journal_draft_find(scene->journal, "invoice", &draft);
    assert_int_equal(draft.body != NULL, status == JOURNAL_OK);
    journal_draft_clear(&draft);
    return status;
}

/* --- opening --- */

static void nothing_there(struct scene *scene)
{
    (void)scene;
}

static void not_open(struct scene *scene)
{
    recorded(scene);
    journal_close(scene->journal);
    scene->journal = NULL;
}

/* As the first version left it, but for what isn't looked at. */
static void of_an_older_format(struct scene *scene)
{
    not_open(scene);
    rows_change(scene->place->path, "PRAGMA user_version = 4");
}

static enum journal_status open_it(struct scene *scene)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    scene->journal = journal_open(scene->place->path, &PLACE_ANA, sentence);
    if (scene->journal != NULL) return journal_ready(scene->journal);
    if (strstr(sentence, "the disk failed") == NULL) fail_msg("it says \"%s\"", sentence);
    return JOURNAL_FAILED;
}

/* --- in turn --- */

static const struct act ACTS[] = {
    {"record", open_only, record, JOURNAL_OK},
    {"record one that is held", held_elsewhere, record, JOURNAL_HELD},
    {"record again", recorded, record, JOURNAL_USED},
    {"begin an attempt", attempt_over, begin, JOURNAL_OK},
    {"end an attempt", recorded, end, JOURNAL_OK},
    {"reject", recorded, reject, JOURNAL_OK},
    {"end and settle", recorded, end_and_settle, JOURNAL_OK},
    {"release", recorded, release, JOURNAL_OK},
    {"may send", told_and_recorded, may_send, JOURNAL_OK},
    {"all as one", open_only, all_as_one, JOURNAL_OK},
    {"adopt", left_behind, adopt, JOURNAL_OK},
    {"adopt the same", left_behind, adopt_same, JOURNAL_OK},
    {"open again", settled, adopt_same, JOURNAL_OK},
    {"read an intent", recorded, read_it, JOURNAL_OK},
    {"list open", recorded, list_open, JOURNAL_OK, true},
    {"list all open", recorded, list_all_open, JOURNAL_OK, true},
    {"list unseen", settled, list_unseen, JOURNAL_OK, true},
    {"list all unseen", settled, list_all_unseen, JOURNAL_OK, true},
    {"find", settled, find, JOURNAL_OK, true},
    {"see", settled, see, JOURNAL_OK},
    {"see anywhere", settled, see_anywhere, JOURNAL_OK},
    {"begin a run", open_only, run_begin, JOURNAL_OK},
    {"go on with a run", run_cut_short, run_begin, JOURNAL_OK},
    {"go on with a run of two tokens", run_of_two_tokens, run_begin, JOURNAL_OK, true},
    {"end a run", run_cut_short, run_end, JOURNAL_OK},
    {"find in a run", run_cut_short, find_placed, JOURNAL_OK, true},
    {"prune", settled_long_ago, prune, JOURNAL_OK},
    {"identify", recorded, identify, JOURNAL_OK},
    {"identify, had already", had_already, identify, JOURNAL_OK, true},
    {"count unnamed", left_unnamed, count_unnamed, JOURNAL_OK},
    {"take over", left_unnamed, take_over, JOURNAL_OK, true},
    {"take over one", left_unnamed, take_over_one, JOURNAL_OK},
    {"save a draft", drafted, draft_save, JOURNAL_OK},
    {"drop a draft", drafted, draft_drop, JOURNAL_OK},
    {"throw a draft away", drafted, draft_throw, JOURNAL_OK},
    {"take a draft", draft_left, draft_take, JOURNAL_OK},
    {"find a draft", draft_left, draft_find, JOURNAL_OK, true},
    {"make the file", nothing_there, open_it, JOURNAL_OK},
    {"open the file", not_open, open_it, JOURNAL_OK},
    {"open an older file", of_an_older_format, open_it, JOURNAL_OK},
};

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
    bool opens = act->perform == open_it;
    char *before = opens ? NULL : contents(scene.place);
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
        if (!opens) {
            char *now = contents(scene.place);
            if (strcmp(now, before) != 0)
                fail_msg("%s, call %d: was\n%sis\n%s", act->name, nth, before, now);
            free(now);
        }
        if (opens && scene.journal != NULL)
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

static void a_call_that_fails_anywhere_has_done_nothing(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        fail_in_turn(&ACTS[i], SQLITE_IOERR);
}

static void so_has_one_without_memory(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (ACTS[i].copies) fail_in_turn(&ACTS[i], SQLITE_NOMEM);
}

/* Where it has patience that is waited for. */
static void so_has_one_that_meets_a_lock(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (ACTS[i].perform == record || ACTS[i].perform == open_it)
            fail_in_turn(&ACTS[i], SQLITE_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_fails_anywhere_has_done_nothing),
        cmocka_unit_test(so_has_one_without_memory),
        cmocka_unit_test(so_has_one_that_meets_a_lock),
    };
    /* Hundreds of journals: not on a disk, which would have to sync each. */
    if (access("/dev/shm", W_OK) == 0 && setenv("TMPDIR", "/dev/shm", 0) != 0) return 1;
    return cmocka_run_group_tests_name("client/journal calls", tests, NULL, NULL);
}
