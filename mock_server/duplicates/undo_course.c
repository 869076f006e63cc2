/* duplicates undo: one merge is taken back. */
#include "mock_server/duplicates/duplicates.h"
#include "mock_server/duplicates/pipeline.h"
#include "mock_server/duplicates/tell.h"
#include "mock_server/duplicates/undo.h"

#include <stdlib.h>

struct undo_errand {
    struct errand errand; /* first */
    const struct task *task;
    int64_t merge;
    struct undo_done done;
    bool told;
};

static bool run(struct writer_job *job, struct store_session *session, int64_t now)
{
    struct undo_errand *errand = (struct undo_errand *)job;
    const struct doer doer = {errand->task->tenant, errand->task->by, now};
    json_free(errand->done.merge);
    return undo_merge(session, errand->task->tenant, errand->merge, &doer, &errand->done);
}

static void told(void *context, struct errand *base)
{
    (void)context;
    ((struct undo_errand *)base)->told = base->end == WRITER_KEPT;
}

/* False: failed. */
static bool carry_out(struct undo_errand *errand)
{
    if (errand->task->dry_run) {
        return undo_merge(errand->task->reading, errand->task->tenant, errand->merge, NULL,
                          &errand->done);
    }
    if (!pipeline_start(errand->task->store, told, NULL)) {
        return false;
    }
    errand->errand.job.run = run;
    pipeline_send(&errand->errand);
    pipeline_drain();
    pipeline_stop();
    return errand->told;
}

static bool tell_done(const struct undo_errand *errand, bool undone)
{
    const struct json *losers = json_member(errand->done.merge, "losers");
    const char *winner = json_text(errand->done.merge, "winner");
    struct buffer text = {0};
    if (errand->task->json) {
        struct json *json = json_new_texts("merge", json_text(errand->done.merge, "id"), NULL);
        json = json_with(json, "undone", json_new_bool(undone));
        json = json_with(json, "moved", json_new_integer((int64_t)errand->done.moved));
        return tell_out_json(json_with(json, "dry_run", json_new_bool(errand->task->dry_run)));
    }
    buffer_printf(&text, MERGE_PREFIX "%lld: %s", (long long)errand->merge,
                  !undone                 ? "was undone before: nothing is to be done"
                  : errand->task->dry_run ? "would be undone: "
                                          : "undone: ");
    for (const struct json *one = undone ? json_first(losers) : NULL; one; one = json_next(one)) {
        buffer_printf(&text, "%s%s", one == json_first(losers) ? "" : ", ",
                      json_text(one, "id") ? json_text(one, "id") : "?");
    }
    if (undone) {
        buffer_printf(&text, " %s no longer merged into %s", json_count(losers) == 1 ? "is" : "are",
                      winner ? winner : "?");
    }
    if (errand->done.moved > 0) {
        buffer_text(&text, ", with ");
        tell_children(&text, errand->task->kept.resource, errand->done.moved);
    }
    bool ok = tell_out(&text);
    buffer_clear(&text);
    return ok;
}

static int tell(const struct undo_errand *errand)
{
    const char *winner = json_text(errand->done.merge, "winner");
    switch (errand->done.end) {
    case UNDO_DONE:
        return tell_done(errand, true) ? EXIT_SUCCESS : EXIT_FAILED;
    case UNDO_BEFORE:
        return tell_done(errand, false) ? EXIT_SUCCESS : EXIT_FAILED;
    case UNDO_ABSENT:
        refuse("there is no merge " MERGE_PREFIX "%lld", (long long)errand->merge);
        return EXIT_SOME_REJECTED;
    case UNDO_REFUSED:
        refuse("%s was itself merged since: undo " MERGE_PREFIX "%lld first",
               winner ? winner : "its record", (long long)errand->done.other);
        return EXIT_FAILED;
    case UNDO_FAILED:
        break;
    }
    return task_fail("it could not be undone");
}

int duplicates_undo(struct cleaning *cleaning, int64_t merge)
{
    struct undo_errand errand = {.task = &cleaning->task, .merge = merge};
    int code = task_start(&cleaning->task, true);
    if (code != 0) {
        return code;
    }
    if (!carry_out(&errand)) {
        errand.done.end = UNDO_FAILED;
    }
    code = tell(&errand);
    json_free(errand.done.merge);
    task_end(&cleaning->task);
    return code;
}
