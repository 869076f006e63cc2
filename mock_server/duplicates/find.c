/* duplicates find and enforce: nothing is changed. */
#include "mock_server/base/stop.h"
#include "mock_server/duplicates/alike.h"
#include "mock_server/duplicates/children.h"
#include "mock_server/duplicates/duplicates.h"
#include "mock_server/duplicates/progress.h"
#include "mock_server/duplicates/tell.h"

#include <stdio.h>

struct search {
    struct cleaning *cleaning;
    int64_t groups, records, alike; /* that were found */
    int64_t expected;               /* groups, about */
    struct buffer text;
};

static bool payments_of(struct search *search, int64_t id, size_t *count)
{
    const struct task *task = &search->cleaning->task;
    return children_count(task->reading, task->tenant, task->kept.resource, id, count);
}

/* --- a group, told --- */

static bool tell_members(struct search *search, const struct record_found *members, size_t count,
                         const char *const verbs[2])
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        size_t payments = 0;
        ok = payments_of(search, members[i].id, &payments);
        buffer_printf(&search->text, "\n  %-5s  ", verbs[i > 0]);
        tell_record(&search->text, search->cleaning->task.kept.resource, &members[i], payments);
    }
    return ok;
}

static struct json *members_json(struct search *search, const struct record_found *members,
                                 size_t count)
{
    struct json *records = json_new_array();
    bool ok = records != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        size_t payments = 0;
        ok = payments_of(search, members[i].id, &payments) &&
             json_append(records, tell_record_json(search->cleaning->task.kept.resource,
                                                   &members[i], payments));
    }
    if (!ok) {
        json_free(records);
        return NULL;
    }
    return records;
}

static bool tell_group_json(struct search *search, const struct group *group)
{
    bool leaves = group->action == GROUP_LEAVE;
    struct json *json = json_new_texts("group", "exact", "rule", group->rule->name, NULL);
    json = json_with(json, "value", tell_value_json(group->rule, group->value));
    json = json_with(json, "action", json_new_string(leaves ? "leave" : "merge"));
    json = json_with(json, "reason", json_new_string(group->reason));
    json = json_with(json, "winner", json_new_string(json_text(group->members[0].json, "id")));
    return tell_out_json(
        json_with(json, "records", members_json(search, group->members, group->count)));
}

static bool tell_group(struct search *search, const struct group *group)
{
    static const char *const MERGED[] = {"keep", "merge"}, *const LEFT[] = {"leave", "leave"};
    bool leaves = group->action == GROUP_LEAVE;
    if (search->cleaning->task.json) {
        return tell_group_json(search, group);
    }
    tell_value(&search->text, group->rule, group->value);
    buffer_printf(&search->text, ": %zu records%s%s", group->count, leaves ? "; " : "",
                  leaves ? group->reason : "");
    return tell_members(search, group->members, group->count, leaves ? LEFT : MERGED) &&
           tell_out(&search->text);
}

static bool tell_alike(void *context, const struct alike *alike)
{
    static const char *const JUDGE[] = {"judge", "judge"};
    struct search *search = context;
    search->alike++;
    if (search->cleaning->task.json) {
        struct json *json =
            json_new_texts("group", "alike", "action", "judge", "reason", alike->why, NULL);
        return tell_out_json(
            json_with(json, "records", members_json(search, alike->members, alike->count)));
    }
    buffer_printf(&search->text, "look-alikes: %zu records; %s", alike->count, alike->why);
    return tell_members(search, alike->members, alike->count, JUDGE) && tell_out(&search->text);
}

/* --- the search --- */

/* Each group of a rule; `tell` or only count them. False: failed, or stopped. */
static bool search_rule(struct search *search, const struct unique_rule *rule, bool tell)
{
    struct task *task = &search->cleaning->task;
    struct group group = {.tenant = task->tenant, .resource = task->kept.resource, .rule = rule};
    enum store_status status = STORE_OK;
    bool ok = true;
    while (ok && !stop_is_asked() && (status = group_next(&group, task->reading)) == STORE_OK) {
        ok = group_read(&group, task->reading, NULL, search->cleaning->take_lines);
        if (ok && group.action != GROUP_NONE) {
            search->groups++;
            search->records += (int64_t)group.count;
            ok = !tell || tell_group(search, &group);
        }
        group_forget(&group);
        progress_tell(search->groups, search->groups, search->expected);
    }
    group_clear(&group);
    return ok && status == STORE_ABSENT;
}

static int tell_trouble(void)
{
    progress_clear();
    if (ferror(stdout)) {
        return EXIT_FAILED; /* which was said */
    }
    return stop_is_asked() ? task_fail("stopped before the end")
                           : task_fail("not all of it could be read");
}

static bool search_rules(struct search *search)
{
    const struct resource *resource = search->cleaning->task.kept.resource;
    bool ok = true;
    for (size_t i = 0; ok && i < resource->unique_count; i++) {
        ok = search_rule(search, &resource->unique[i], true);
    }
    return ok;
}

static bool find_alike(struct search *search)
{
    const struct task *task = &search->cleaning->task;
    progress_start("records");
    return alike_find(task->reading, task->tenant, task->kept.resource, tell_alike, search);
}

int duplicates_find(struct cleaning *cleaning)
{
    struct search search = {.cleaning = cleaning};
    struct task *task = &cleaning->task;
    int code = task_start(task, true);
    if (code != 0) {
        return code;
    }
    progress_start("groups");
    bool ok = store_standing_count(task->reading, task->tenant, &search.expected) == STORE_OK &&
              search_rules(&search) && find_alike(&search);
    progress_clear();
    if (!ok) {
        code = tell_trouble();
    } else if (!task->json) {
        tell_count(&search.text, search.groups, "group");
        buffer_text(&search.text, " of ");
        tell_count(&search.text, search.records, "record");
        buffer_text(&search.text, search.groups == 1 ? " breaks a rule; " : " break a rule; ");
        tell_count(&search.text, search.alike, "group");
        buffer_text(&search.text, " of look-alikes, for you to judge");
        code = tell_out(&search.text) ? code : EXIT_FAILED;
    }
    buffer_clear(&search.text);
    task_end(task);
    return code;
}

/* --- enforce --- */

static bool tell_rule(struct search *search, const struct unique_rule *rule)
{
    if (search->cleaning->task.json) {
        struct json *json = json_new_texts("rule", rule->name, NULL);
        json = json_with(json, "holds", json_new_bool(search->groups == 0));
        return tell_out_json(json_with(json, "groups", json_new_integer(search->groups)));
    }
    if (search->groups == 0) {
        buffer_printf(&search->text, "%s: holds, without exception", rule->name);
    } else {
        buffer_printf(&search->text, "%s: ", rule->name);
        tell_count(&search->text, search->groups, "group");
        buffer_printf(&search->text, " of %lld records stand%s in its way",
                      (long long)search->records, search->groups == 1 ? "s" : "");
    }
    return tell_out(&search->text);
}

int duplicates_enforce(struct cleaning *cleaning)
{
    struct search search = {.cleaning = cleaning};
    struct task *task = &cleaning->task;
    const struct resource *resource = task->kept.resource;
    int code = task_start(task, true);
    if (code != 0) {
        return code;
    }
    progress_start("groups");
    bool ok = store_standing_count(task->reading, task->tenant, &search.expected) == STORE_OK;
    for (size_t i = 0; ok && i < resource->unique_count; i++) {
        search.groups = search.records = 0;
        ok = search_rule(&search, &resource->unique[i], false) &&
             tell_rule(&search, &resource->unique[i]);
        code = search.groups > 0 ? EXIT_FAILED : code;
    }
    progress_clear();
    code = ok ? code : tell_trouble();
    buffer_clear(&search.text);
    task_end(task);
    return code;
}
