/* Each call to SQLite that fails, in turn, from an intent's record to its end, in what lists them
 * and takes them up, and in opening the journal. */
#include "protocol/client/journal/journal.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/failing_acts.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- an intent from its record to its end --- */

static void held_elsewhere(struct scene *scene)
{
    act_open(scene);
    scene->other = place_open(scene->place->path, &PLACE_ANA);
    place_record(scene->other, "2026-0042");
}

static void attempt_over(struct scene *scene)
{
    act_recorded(scene);
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
    act_told_and_recorded(scene);
    journal_close(scene->journal);
    scene->journal = place_open(scene->place->path, &PLACE_ANA);
}

static void settled(struct scene *scene)
{
    act_recorded(scene);
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

/* --- opening --- */

static void nothing_there(struct scene *scene)
{
    (void)scene;
}

static void not_open(struct scene *scene)
{
    act_recorded(scene);
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

static const struct act ACTS[] = {
    {"record", act_open, record, JOURNAL_OK},
    {"record one that is held", held_elsewhere, record, JOURNAL_HELD},
    {"record again", act_recorded, record, JOURNAL_USED},
    {"begin an attempt", attempt_over, begin, JOURNAL_OK},
    {"end an attempt", act_recorded, end, JOURNAL_OK},
    {"reject", act_recorded, reject, JOURNAL_OK},
    {"end and settle", act_recorded, end_and_settle, JOURNAL_OK},
    {"release", act_recorded, release, JOURNAL_OK},
    {"may send", act_told_and_recorded, may_send, JOURNAL_OK},
    {"all as one", act_open, all_as_one, JOURNAL_OK},
    {"adopt", left_behind, adopt, JOURNAL_OK},
    {"adopt the same", left_behind, adopt_same, JOURNAL_OK},
    {"open again", settled, adopt_same, JOURNAL_OK},
    {"read an intent", act_recorded, read_it, JOURNAL_OK},
    {"list open", act_recorded, list_open, JOURNAL_OK, true},
    {"list all open", act_recorded, list_all_open, JOURNAL_OK, true},
    {"list unseen", settled, list_unseen, JOURNAL_OK, true},
    {"list all unseen", settled, list_all_unseen, JOURNAL_OK, true},
    {"find", settled, find, JOURNAL_OK, true},
    {"see", settled, see, JOURNAL_OK},
    {"see anywhere", settled, see_anywhere, JOURNAL_OK},
};

static const struct act OPENINGS[] = {
    {"make the file", nothing_there, open_it, JOURNAL_OK, .opens = true},
    {"open the file", not_open, open_it, JOURNAL_OK, .opens = true},
    {"open an older file", of_an_older_format, open_it, JOURNAL_OK, .opens = true},
};

#define ALL(acts) acts, sizeof acts / sizeof *acts

static void a_call_that_fails_has_done_nothing(void **unused)
{
    (void)unused;
    acts_fail(ALL(ACTS), SQLITE_IOERR);
    acts_fail_without_memory(ALL(ACTS));
}

static void nor_has_it_in_opening(void **unused)
{
    (void)unused;
    acts_fail(ALL(OPENINGS), SQLITE_IOERR);
}

/* Where the journal has patience that is waited for. */
static void nor_has_one_that_meets_a_lock(void **unused)
{
    (void)unused;
    acts_fail(ACTS, 3, SQLITE_BUSY);
    acts_fail(ALL(OPENINGS), SQLITE_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_fails_has_done_nothing),
        cmocka_unit_test(nor_has_it_in_opening),
        cmocka_unit_test(nor_has_one_that_meets_a_lock),
    };
    return cmocka_run_group_tests_name("client/journal calls", tests, acts_in_memory, NULL);
}
