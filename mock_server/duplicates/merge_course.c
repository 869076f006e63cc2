/* duplicates merge: group after group, each as it is when its turn comes. */
#include "mock_server/base/stop.h"
#include "mock_server/duplicates/duplicates.h"
#include "mock_server/duplicates/lines.h"
#include "mock_server/duplicates/merge.h"
#include "mock_server/duplicates/pipeline.h"
#include "mock_server/duplicates/progress.h"
#include "mock_server/duplicates/tell.h"
#include "mock_server/engine/ids.h"

#include <stdlib.h>
#include <string.h>

struct course {
    struct cleaning *cleaning;
    struct plan *plan; /* NULL: it is done, not planned */
    int64_t expected, seen;
    int64_t merged, records, moved,
        left; /* groups, records in them, and what was listed under those */
    struct buffer text;
    bool failed; /* a sentence was written */
};

/* One group on its way. */
struct merge_errand {
    struct errand errand; /* first */
    struct course *course;
    struct group group;
    struct merge_done done;
};

/* --- telling --- */

static bool tell_json(struct course *course, const struct group *group,
                      const struct merge_done *done)
{
    bool merged = group->action == GROUP_MERGE;
    const struct json *winner = group->members[0].json;
    char id[ID_TEXT_SIZE] = "";
    id_format(MERGE_PREFIX, done->merge, id);
    struct json *json =
        json_new_texts("action", merged ? "merge" : "leave", "reason", group->reason, "merge",
                       done->merge ? id : NULL, "rule", group->rule->name, NULL);
    json = json_with(json, "value", tell_value_json(group->rule, group->value));
    json = json_with(json, "winner", json_new_string(json_text(winner, "id")));
    json = json_with(json, "losers", tell_losers_json(group));
    json = json_with(json, "moved", json_new_integer((int64_t)done->moved));
    if (group->winner) {
        json =
            json_with(json, "total_before", json_new_string(lines_total(group->resource, winner)));
        json = json_with(json, "total_after",
                         json_new_string(lines_total(group->resource, group->winner)));
    }
    return tell_out_json(json_with(json, "dry_run", json_new_bool(course->plan != NULL)));
}

static bool tell_text(struct course *course, const struct group *group,
                      const struct merge_done *done)
{
    struct buffer *text = &course->text;
    const char *winner = json_text(group->members[0].json, "id");
    bool merged = group->action == GROUP_MERGE;
    const char *verb = !merged ? "left alone" : course->plan ? "would merge" : "merged";
    tell_value(text, group->rule, group->value);
    buffer_printf(text, ": %s ", verb);
    tell_losers(text, group);
    buffer_printf(text, " %s %s", merged ? "into" : "beside", winner ? winner : "?");
    if (done->moved > 0) {
        buffer_text(text, ", with ");
        tell_children(text, group->resource, done->moved);
    }
    if (group->winner) {
        buffer_printf(text, ", lines taken: %s -> %s",
                      lines_total(group->resource, group->members[0].json),
                      lines_total(group->resource, group->winner));
    }
    if (group->reason) {
        buffer_printf(text, ": %s", group->reason);
    }
    if (done->merge) {
        buffer_printf(text, " (" MERGE_PREFIX "%lld)", (long long)done->merge);
    }
    return tell_out(text);
}

static void tell(struct course *course, const struct group *group, const struct merge_done *done)
{
    course->seen++;
    progress_tell(course->seen, course->seen, course->expected);
    if (group->action == GROUP_NONE || course->failed) {
        return;
    }
    course->merged += group->action == GROUP_MERGE;
    course->left += group->action == GROUP_LEAVE;
    course->records += group->action == GROUP_MERGE ? (int64_t)group->count - 1 : 0;
    course->moved += (int64_t)done->moved;
    course->failed = course->cleaning->task.json ? !tell_json(course, group, done)
                                                 : !tell_text(course, group, done);
}

/* --- doing --- */

static bool run(struct writer_job *job, struct store_session *session, int64_t now)
{
    struct merge_errand *errand = (struct merge_errand *)job;
    const struct task *task = &errand->course->cleaning->task;
    const struct doer doer = {task->tenant, task->by, now};
    group_forget(&errand->group);
    errand->done = (struct merge_done){0};
    return group_read(&errand->group, session, NULL, errand->course->cleaning->take_lines) &&
           (errand->group.action != GROUP_MERGE ||
            merge_group(&errand->group, session, &doer, &errand->done));
}

static void told(void *context, struct errand *base)
{
    struct merge_errand *errand = (struct merge_errand *)base;
    struct course *course = context;
    if (base->end == WRITER_KEPT) {
        tell(course, &errand->group, &errand->done);
    } else if (!course->failed) {
        progress_clear();
        refuse(base->end == WRITER_AWAY ? "the store can't be reached"
                                        : "a group could not be merged");
        course->failed = true;
    }
    group_clear(&errand->group);
    free(errand);
}

static bool send(struct course *course, const struct group *group)
{
    struct merge_errand *errand = calloc(1, sizeof(struct merge_errand));
    if (!errand) {
        return false;
    }
    errand->course = course;
    errand->errand.job.run = run;
    errand->group = (struct group){.tenant = group->tenant,
                                   .resource = group->resource,
                                   .rule = group->rule,
                                   .value = strdup(group->value)};
    if (!errand->group.value) {
        free(errand);
        return false;
    }
    pipeline_send(&errand->errand);
    return true;
}

static bool plan_group(struct course *course, struct group *group)
{
    const struct merge_done nothing = {0};
    bool ok = group_read(group, course->cleaning->task.reading, course->plan,
                         course->cleaning->take_lines) &&
              (group->action != GROUP_MERGE || merge_plan(group, course->plan));
    if (ok) {
        tell(course, group, &nothing);
    }
    group_forget(group);
    return ok;
}

/* A rule's groups don't share records, so that several may be on their way; those of the next rule
 * may be the same ones. */
static bool merge_rule(struct course *course, const struct unique_rule *rule)
{
    struct task *task = &course->cleaning->task;
    struct group group = {.tenant = task->tenant, .resource = task->kept.resource, .rule = rule};
    enum store_status status = STORE_OK;
    bool ok = true;
    while (ok && !course->failed && !stop_is_asked() &&
           (status = group_next(&group, task->reading)) == STORE_OK) {
        ok = course->plan ? plan_group(course, &group) : send(course, &group);
    }
    if (!course->plan) {
        pipeline_drain();
    }
    group_clear(&group);
    return ok && status != STORE_FAILED && !course->failed;
}

/* --- all of it --- */

static int tell_end(struct course *course, bool ok)
{
    bool stopped = ok && stop_is_asked();
    if (!course->cleaning->task.json) {
        struct buffer *text = &course->text;
        tell_count(text, course->merged, "group");
        buffer_text(text, course->plan ? " would be merged: " : " merged: ");
        tell_count(text, course->records, "record");
        buffer_text(text, " into others");
        if (!course->plan) {
            buffer_text(text, ", with ");
            tell_children(text, course->cleaning->task.kept.resource, (size_t)course->moved);
        }
        buffer_text(text, "; ");
        tell_count(text, course->left, "group");
        buffer_text(text, " left alone");
        tell_out(text);
    }
    if (!ok && !course->failed) {
        refuse("not all of it could be read");
    }
    if (!ok || stopped) {
        refuse("stopped: what is said to be merged is, and the same command goes on");
        return EXIT_FAILED;
    }
    return EXIT_SUCCESS;
}

static int merge_rules(struct course *course)
{
    struct task *task = &course->cleaning->task;
    bool ok = store_standing_count(task->reading, task->tenant, &course->expected) == STORE_OK;
    progress_start("groups");
    for (size_t i = 0; ok && !stop_is_asked() && i < task->kept.resource->unique_count; i++) {
        ok = merge_rule(course, &task->kept.resource->unique[i]);
    }
    progress_clear();
    return tell_end(course, ok);
}

static int do_it(struct course *course)
{
    if (!pipeline_start(course->cleaning->task.store, told, course)) {
        return task_fail("the store cannot be written to");
    }
    int code = merge_rules(course);
    pipeline_stop();
    return code;
}

static int plan_it(struct course *course)
{
    struct plan plan;
    int code = EXIT_FAILED;
    if (plan_open(&plan)) {
        course->plan = &plan;
        code = merge_rules(course);
    }
    plan_close(&plan);
    return code;
}

int duplicates_merge(struct cleaning *cleaning)
{
    struct course course = {.cleaning = cleaning};
    int code = task_start(&cleaning->task, true);
    if (code == 0) {
        code = cleaning->task.dry_run ? plan_it(&course) : do_it(&course);
        task_end(&cleaning->task);
    }
    buffer_clear(&course.text);
    return code;
}
