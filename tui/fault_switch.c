#include "tui/fault_switch.h"

#include "protocol/wire/json.h"
#include "tui/words.h"

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

static bool are_texts(const json_t *rules)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule) if (!json_is_string(rule)) return false;
    return json_is_array(rules);
}

static void answered(void *context, const struct reply *reply)
{
    struct fault_switch *faults = context;
    char problem[JSON_PROBLEM_MAX];
    json_t *json = NULL;
    if (reply->fate == REPLY_WHOLE && reply->status == HTTP_OK)
        json = json_read_object(reply->body, reply->length, problem);
    json_t *rules = json ? json_object_get(json, "rules") : NULL;
    bool known = rules && are_texts(rules);
    if (known) {
        json_decref(faults->rules);
        faults->rules = json_incref(rules);
    }
    json_decref(json);
    free(faults->body);
    faults->body = NULL;
    faults->call = NULL;
    faults->refused = !known;
    faults->news = true;
    if (faults->unsent) {
        send_wanted(faults);
        return;
    }
    json_decref(faults->wanted);
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
    json_t *body = json_pack("{s:O}", "rules", faults->wanted);
    free(faults->body);
    faults->body = body ? json_write(body) : NULL;
    faults->unsent = false;
    json_decref(body);
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
    json_decref(faults->rules);
    json_decref(faults->wanted);
    *faults = (struct fault_switch){0};
}

static size_t place_of(const json_t *rules, const char *text)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule) if (strcmp(json_string_value(rule), text) == 0) break;
    return i;
}

static void want(struct fault_switch *faults, json_t *rules)
{
    json_decref(faults->wanted);
    faults->wanted = rules;
    faults->unsent = rules != NULL;
    if (rules) send_wanted(faults);
}

void fault_switch_turn(struct fault_switch *faults, enum fault_choice choice)
{
    const char *text = choices[choice].rule;
    json_t *rules = faults->wanted  ? json_incref(faults->wanted)
                    : faults->rules ? json_copy(faults->rules)
                                    : json_array();
    size_t at = place_of(rules, text);
    if (at < json_array_size(rules))
        json_array_remove(rules, at);
    else
        json_array_append_new(rules, json_string(text));
    want(faults, rules);
}

void fault_switch_clear(struct fault_switch *faults)
{
    want(faults, json_array());
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
    size_t i, used = 0;
    json_t *rule;
    json_array_foreach(faults->rules, i, rule)
    {
        int length = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                              words_of(json_string_value(rule)));
        used += (size_t)length;
        if (used >= sizeof list) break;
    }
    snprintf(words, FAULT_SWITCH_WORDS_SIZE, _("faults: %s"),
             faults->refused ? _("the server doesn't answer")
             : *list         ? list
                             : _("none"));
}
