/* duplicates undo without an id: the merges that stand. */
#include "mock_server/duplicates/duplicates.h"
#include "mock_server/duplicates/merges.h"
#include "mock_server/duplicates/tell.h"

#include <string.h>

static const struct unique_rule *rule_of(const struct resource *resource, const char *name)
{
    for (size_t i = 0; name && i < resource->unique_count; i++) {
        if (strcmp(resource->unique[i].name, name) == 0) {
            return &resource->unique[i];
        }
    }
    return NULL;
}

static const char *said(const struct json *object, const char *member)
{
    const char *text = json_text(object, member);
    return text ? text : "?";
}

static bool tell_json(const struct resource *resource, const struct json *merge)
{
    const struct unique_rule *rule = rule_of(resource, json_text(merge, "rule"));
    struct json *json = json_new_texts("merge", said(merge, "id"), "rule", said(merge, "rule"),
                                       "winner", said(merge, "winner"), "at", said(merge, "at"),
                                       "by", said(merge, "by"), NULL);
    struct json *losers = json_new_array();
    const struct json *one = json_first(json_member(merge, "losers"));
    for (bool ok = losers != NULL; ok && one; one = json_next(one)) {
        ok = json_append(losers, json_new_string(said(one, "id")));
    }
    json = json_with(json, "losers", losers);
    return tell_out_json(
        rule ? json_with(json, "value", tell_value_json(rule, said(merge, "value"))) : json);
}

static bool tell_text(const struct resource *resource, const struct json *merge,
                      struct buffer *text)
{
    const struct unique_rule *rule = rule_of(resource, json_text(merge, "rule"));
    const struct json *first = json_first(json_member(merge, "losers"));
    buffer_printf(text, "%s  %.19s by %s  ", said(merge, "id"), said(merge, "at"),
                  said(merge, "by"));
    if (rule) {
        tell_value(text, rule, said(merge, "value"));
    }
    for (const struct json *one = first; one; one = json_next(one)) {
        buffer_printf(text, "%s%s", one == first ? ": " : ", ", said(one, "id"));
    }
    buffer_printf(text, " into %s", said(merge, "winner"));
    return tell_out(text);
}

static bool tell_each(const struct task *task, const struct json *merges, struct buffer *text)
{
    bool ok = true;
    for (const struct json *merge = json_first(merges); ok && merge; merge = json_next(merge)) {
        ok = task->json ? tell_json(task->kept.resource, merge)
                        : tell_text(task->kept.resource, merge, text);
    }
    if (ok && !task->json) {
        tell_count(text, (int64_t)json_count(merges), "merge");
        buffer_text(text, json_count(merges) == 1 ? " stands" : " stand");
        ok = tell_out(text);
    }
    return ok;
}

int duplicates_undo_list(struct cleaning *cleaning)
{
    struct task *task = &cleaning->task;
    struct buffer text = {0};
    int code = task_start(task, true);
    if (code != 0) {
        return code;
    }
    struct json *merges =
        merges_standing(task->reading, task->tenant, task->kept.resource, MERGES_OF_ALL, 0);
    if (!merges) {
        code = task_fail("the merges could not be read");
    } else if (!tell_each(task, merges, &text)) {
        code = EXIT_FAILED;
    }
    json_free(merges);
    buffer_clear(&text);
    task_end(task);
    return code;
}
