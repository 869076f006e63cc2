#include "tui/demo/fault_switch.h"

#include "protocol/wire/json.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH    "/_mock/faults"
#define HTTP_OK 200

static const struct {
    const char *rule;
    const char *words;
} choices[FAULT_CHOICES] = {
    [FAULT_LOSE_REPLY] = {"drop-response@attempt=1", N_("lose the 1st reply")},
    [FAULT_DELAY] = {"delay-before-commit=2s", N_("delay 2 s")},
    [FAULT_STATUS] = {"status=503", N_("answer 503")},
};

static void send_wanted(struct fault_switch *faults);

static bool are_texts(const struct json *rules)
{
    for (const struct json *rule = json_first(rules); rule; rule = json_next(rule)) {
        if (json_kind(rule) != JSON_STRING) return false;
    }
    return json_kind(rules) == JSON_ARRAY;
}

static void answered(void *context, const struct reply *reply)
{
    struct fault_switch *faults = context;
    char problem[JSON_PROBLEM_MAX];
    struct json *json = NULL;
    if (reply->fate == REPLY_WHOLE && reply->status == HTTP_OK)
        json = json_read_object(reply->body, reply->length, problem);
    struct json *rules = json ? json_member(json, "rules") : NULL;
    bool known = rules && are_texts(rules);
    if (known) {
        json_free(faults->rules);
        faults->rules = json_take(json, rules);
    }
    json_free(json);
    free(faults->body);
    faults->body = NULL;
    faults->call = NULL;
    faults->refused = !known;
    faults->news = true;
    if (faults->unsent) {
        send_wanted(faults);
        return;
    }
    json_free(faults->wanted);
    faults->wanted = NULL;
}

static void ask(struct fault_switch *faults, const char *method)
{
    const struct courier_request request = {
        .method = method,
        .path = PATH,
        .body = faults->body,
        .body_length = faults->body ? strlen(faults->body) : 0,
    };
    faults->call = courier_send(faults->courier, &request, answered, faults);
    if (!faults->call) faults->refused = faults->news = true;
}

/* One switch at a time is on its way; the next one waits, with all that was chosen meanwhile. */
static void send_wanted(struct fault_switch *faults)
{
    if (faults->call) return;
    struct json *body = json_with(json_new_object(), "rules", json_copy(faults->wanted));
    free(faults->body);
    faults->body = body ? json_write(body) : NULL;
    faults->unsent = false;
    json_free(body);
    if (faults->body)
        ask(faults, "PUT");
    else
        faults->refused = faults->news = true;
}

void fault_switch_start(struct fault_switch *faults, struct courier *courier)
{
    *faults = (struct fault_switch){.courier = courier};
    ask(faults, NULL);
}

void fault_switch_stop(struct fault_switch *faults)
{
    if (faults->call) courier_cancel(faults->call);
    free(faults->body);
    json_free(faults->rules);
    json_free(faults->wanted);
    *faults = (struct fault_switch){0};
}

static struct json *rule_among(const struct json *rules, const char *text)
{
    struct json *rule = json_first(rules);
    while (rule && strcmp(json_string(rule), text) != 0)
        rule = json_next(rule);
    return rule;
}

static void want(struct fault_switch *faults, struct json *rules)
{
    json_free(faults->wanted);
    faults->wanted = rules;
    faults->unsent = rules != NULL;
    if (rules) send_wanted(faults);
}

void fault_switch_turn(struct fault_switch *faults, enum fault_choice choice)
{
    const char *text = choices[choice].rule;
    const struct json *now = faults->wanted ? faults->wanted : faults->rules;
    struct json *rules = now ? json_copy(now) : json_new_array();
    struct json *rule = rule_among(rules, text);
    if (rule)
        json_free(json_take(rules, rule));
    else
        json_append(rules, json_new_string(text));
    want(faults, rules);
}

void fault_switch_clear(struct fault_switch *faults)
{
    want(faults, json_new_array());
}

static const char *words_of(const char *rule)
{
    for (size_t i = 0; i < FAULT_CHOICES; i++) {
        if (strcmp(choices[i].rule, rule) == 0) return _(choices[i].words);
    }
    return rule;
}

void fault_switch_words(const struct fault_switch *faults, char words[FAULT_SWITCH_WORDS_SIZE])
{
    char list[FAULT_SWITCH_WORDS_SIZE / 2] = "";
    size_t used = 0;
    for (const struct json *rule = json_first(faults->rules); rule; rule = json_next(rule)) {
        int length = snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                              words_of(json_string(rule)));
        used += (size_t)length;
        if (used >= sizeof list) break;
    }
    snprintf(words, FAULT_SWITCH_WORDS_SIZE, _("faults: %s"),
             faults->refused ? _("the server doesn't answer")
             : *list         ? list
                             : _("none"));
}
