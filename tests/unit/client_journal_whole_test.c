/* Each call to SQLite that fails, in turn, in runs, in what learns whose the intents are, and in
 * drafts. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/unit/failing_acts.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define INPUT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct journal_account BOB = {PLACE_SERVER, "north-bob-0123456789abcdef"};

/* --- runs --- */

static void run_cut_short(struct scene *scene)
{
    struct journal_run run;
    act_open(scene);
    assert_int_equal(journal_run_begin(scene->journal, INPUT, &run), JOURNAL_OK);
    struct journal_recording item = {.intent = scene->intent, .run = run.id, .position = 1};
    assert_int_equal(journal_record_all(scene->journal, &item, 1), JOURNAL_OK);
    assert_int_equal(item.status, JOURNAL_OK);
    journal_close(scene->journal);
    scene->run = run.id;
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
}

/* Puts another of the only recorded intent into a run, in that place and state, as SQL has them. */
static void place_another(struct scene *scene, const char *account, const char *run, int place,
                          const char *state)
{
    char *script = support_format(
        "INSERT INTO intents (account, key, kind, server, name, scope, body, fingerprint, state,"
        " created_ms, run, position) SELECT %s, key || '%d', kind, server, name, scope || '%d',"
        " body, fingerprint, '%s', 1, %s, %d FROM intents WHERE id = 1",
        account, place, place, state, run, place);
    rows_change(scene->place->path, script);
    free(script);
}

/* A run of a token that was never named: some of it is open, some is settled, some is this tenant's
 * already; and one of the tenant's own, which has the first of these, never sent, in its place. */
static void run_of_two_tokens(struct scene *scene)
{
    static const char *const NORTH = "'" PLACE_SERVER " north'";
    run_cut_short(scene);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &BOB);
    assert_int_equal(journal_identify(scene->journal, "north"), JOURNAL_OK);
    rows_change(scene->place->path,
                "UPDATE attempts SET fate = 'not sent', ended_ms = 1;"
                "INSERT INTO runs (account, input, begun_ms) VALUES ('" PLACE_SERVER
                " north', '" INPUT "', 1);");
    place_another(scene, NORTH, "(SELECT max(id) FROM runs)", 1, "created");
    place_another(scene, "account", "run", 2, "open");
    place_another(scene, "account", "run", 3, "rejected");
    place_another(scene, NORTH, "run", 4, "created");
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

static struct intent *another_of(const struct intent *intent)
{
    struct json *body = sample_invoice("2026-0042");
    struct intent *another = intent_freeze(&INVOICE, body, intent->key);
    json_free(body);
    return another;
}

/* The tenant has it already, under another token. */
static void had_already(struct scene *scene)
{
    act_told_and_recorded(scene);
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
    act_recorded(scene);
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
    act_open(scene);
    assert_int_equal(journal_draft_save(scene->journal, "invoice", "{\"number\":\"1\"}"),
                     JOURNAL_OK);
}

static void draft_left(struct scene *scene)
{
    drafted(scene);
    journal_close(scene->journal);
    act_open(scene);
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

/* --- in turn --- */

static const struct act RUNS[] = {
    {"begin a run", act_open, run_begin, JOURNAL_OK},
    {"go on with a run", run_cut_short, run_begin, JOURNAL_OK},
    {"go on with a run of two tokens", run_of_two_tokens, run_begin, JOURNAL_OK, true},
    {"end a run", run_cut_short, run_end, JOURNAL_OK},
    {"find in a run", run_cut_short, find_placed, JOURNAL_OK, true},
    {"prune", settled_long_ago, prune, JOURNAL_OK},
};

static const struct act ACCOUNTS[] = {
    {"identify", act_recorded, identify, JOURNAL_OK},
    {"identify, had already", had_already, identify, JOURNAL_OK, true},
    {"count unnamed", left_unnamed, count_unnamed, JOURNAL_OK},
    {"take over", left_unnamed, take_over, JOURNAL_OK, true},
    {"take over one", left_unnamed, take_over_one, JOURNAL_OK},
};

static const struct act DRAFTS[] = {
    {"save a draft", drafted, draft_save, JOURNAL_OK},
    {"drop a draft", drafted, draft_drop, JOURNAL_OK},
    {"throw a draft away", drafted, draft_throw, JOURNAL_OK},
    {"take a draft", draft_left, draft_take, JOURNAL_OK},
    {"find a draft", draft_left, draft_find, JOURNAL_OK, true},
};

#define ALL(acts) acts, sizeof acts / sizeof *acts

static void a_run_is_whole_or_as_it_was(void **unused)
{
    (void)unused;
    acts_fail(ALL(RUNS), SQLITE_IOERR);
    acts_fail_without_memory(ALL(RUNS));
}

static void an_account_has_all_or_what_it_had(void **unused)
{
    (void)unused;
    acts_fail(ALL(ACCOUNTS), SQLITE_IOERR);
    acts_fail_without_memory(ALL(ACCOUNTS));
}

static void a_draft_is_kept(void **unused)
{
    (void)unused;
    acts_fail(ALL(DRAFTS), SQLITE_IOERR);
    acts_fail_without_memory(ALL(DRAFTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_whole_or_as_it_was),
        cmocka_unit_test(an_account_has_all_or_what_it_had),
        cmocka_unit_test(a_draft_is_kept),
    };
    return cmocka_run_group_tests_name("client/journal runs' calls", tests, acts_in_memory, NULL);
}
