#include "mock_server/faults/faults.h"

#include "mock_server/base/timers.h"
#include "mock_server/faults/arrivals.h"
#include "protocol/wire/duration.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of all rules that match, the first wins at each point. */
enum point {
    POINT_ADMIT,
    POINT_DELAY_BEFORE,
    POINT_CRASH_BEFORE,
    POINT_CRASH_AFTER,
    POINT_DELAY_AFTER,
    POINT_RESPONSE,
    POINT_COUNT,
};

enum value_kind { VALUE_NONE, VALUE_DURATION, VALUE_STATUS, VALUE_STATUS_RETRY, VALUE_BYTES };

struct fault {
    const char *name;
    enum point point;
    enum value_kind value;
    enum response_fault response; /* of POINT_RESPONSE */
};

struct rule {
    char *text;
    const struct fault *fault;
    int64_t value, retry_after_s;
    int64_t attempt, every, first; /* 0: not asked for */
    bool has_p;
    uint64_t p; /* of 2^53 */
    char *endpoint;
    int64_t seen_every, seen_first; /* what these two have counted */
    uint64_t random;
};

static const struct fault FAULTS[] = {
    {"delay-before-commit", POINT_DELAY_BEFORE, VALUE_DURATION},
    {"delay-after-commit", POINT_DELAY_AFTER, VALUE_DURATION},
    {"drop-before", POINT_ADMIT, VALUE_NONE},
    {"drop-response", POINT_RESPONSE, VALUE_NONE, RESPONSE_DROP},
    {"reset-response", POINT_RESPONSE, VALUE_NONE, RESPONSE_RESET},
    {"truncate-response", POINT_RESPONSE, VALUE_NONE, RESPONSE_TRUNCATE},
    {"garble-response", POINT_RESPONSE, VALUE_NONE, RESPONSE_GARBLE},
    {"status", POINT_ADMIT, VALUE_STATUS_RETRY},
    {"status-after-commit", POINT_RESPONSE, VALUE_STATUS, RESPONSE_STATUS},
    {"hang", POINT_RESPONSE, VALUE_NONE, RESPONSE_HANG},
    {"drip", POINT_RESPONSE, VALUE_BYTES, RESPONSE_DRIP},
    {"crash-before-commit", POINT_CRASH_BEFORE, VALUE_NONE},
    {"crash-after-commit", POINT_CRASH_AFTER, VALUE_NONE},
};

#define FAULT_NAMES                                                                                \
    "delay-before-commit, delay-after-commit, drop-before, drop-response, reset-response, "        \
    "truncate-response, garble-response, status, status-after-commit, hang, drip, "                \
    "crash-before-commit or crash-after-commit"

static struct {
    pthread_mutex_t lock;
    struct rule *rules;
    size_t count;
    unsigned changes;
    uint64_t seed;
    struct arrivals arrivals;
    atomic_bool on;
    bool count_always;
} faults = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* SplitMix64: small, seeded, good enough to toss coins. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void clear_rules(struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(rules[i].text);
        free(rules[i].endpoint);
    }
    free(rules);
}

/* 0, 1, or a fraction with up to 9 decimals, without a float; in units of 2^-53. */
static bool parse_probability(const char *text, uint64_t *p)
{
    static const uint64_t BILLION = 1000000000;
    if ((text[0] != '0' && text[0] != '1') || (text[1] != '\0' && text[1] != '.')) {
        return false;
    }
    uint64_t billionths = text[0] == '1' ? BILLION : 0;
    const char *digits = text[1] == '.' ? text + 2 : text + 1;
    size_t count = strspn(digits, "0123456789");
    if (count > 9 || digits[count] != '\0' || (text[1] == '.' && count == 0)) {
        return false;
    }
    uint64_t unit = BILLION / 10;
    for (size_t i = 0; i < count; i++, unit /= 10) {
        billionths += (uint64_t)(digits[i] - '0') * unit;
    }
    *p = (billionths << 34) / BILLION << 19;
    return billionths <= BILLION;
}

static bool parse_count(const char *text, int64_t *out)
{
    return number_parse(text, 1, INT32_MAX, out);
}

/* All selectors must hold: of one that is given twice nobody could say what is meant. */
static const char ONCE[] = "expected each selector once, as all must hold at the same time (for "
                           "several attempts, a rule for each of them)";

/* NULL when the selector was read, else what was expected. */
static const char *parse_selector(struct rule *rule, const char *name, const char *value)
{
    static const struct {
        const char *name;
        size_t offset;
    } COUNTS[] = {{"attempt", offsetof(struct rule, attempt)},
                  {"every", offsetof(struct rule, every)},
                  {"first", offsetof(struct rule, first)}};
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        if (strcmp(name, COUNTS[i].name) == 0) {
            int64_t *count = (int64_t *)(void *)((char *)rule + COUNTS[i].offset);
            if (*count != 0) {
                return ONCE;
            }
            return parse_count(value, count) ? NULL
                                             : "expected attempt=N, every=N or first=N, N from 1";
        }
    }
    if ((strcmp(name, "p") == 0 && rule->has_p) ||
        (strcmp(name, "endpoint") == 0 && rule->endpoint)) {
        return ONCE;
    }
    if (strcmp(name, "p") == 0) {
        rule->has_p = true;
        return parse_probability(value, &rule->p) ? NULL : "expected p= and a number from 0 to 1";
    }
    if (strcmp(name, "endpoint") == 0) {
        rule->endpoint = strdup(value);
        return rule->endpoint && value[0] == '/' ? NULL
                                                 : "expected endpoint= and a path that starts "
                                                   "with /";
    }
    return "expected a selector attempt=N, every=N, first=N, p=0..1 or endpoint=PATH";
}

static const char *parse_selectors(struct rule *rule, char *text)
{
    char *rest = text, *selector = NULL;
    while ((selector = strsep(&rest, ","))) {
        char *value = strchr(selector, '=');
        if (!value) {
            return "expected selectors of the form NAME=VALUE, with commas between them";
        }
        *value++ = '\0';
        const char *wrong = parse_selector(rule, selector, value);
        if (wrong) {
            return wrong;
        }
    }
    return NULL;
}

static const char *parse_value(struct rule *rule, char *value)
{
    enum value_kind kind = rule->fault->value;
    if (kind == VALUE_NONE) {
        return value ? "expected no value for this fault" : NULL;
    }
    if (kind == VALUE_DURATION) {
        return value && duration_parse(value, 0, DURATION_MAX_MS, &rule->value)
                   ? NULL
                   : "expected a duration, such as 1500ms or 2s";
    }
    if (kind == VALUE_BYTES) {
        return value && number_parse(value, 1, 1 << 20, &rule->value)
                   ? NULL
                   : "expected bytes a second, from 1 to 1048576";
    }
    assert(kind == VALUE_STATUS || kind == VALUE_STATUS_RETRY);
    char *retry = value ? strchr(value, ':') : NULL;
    if (retry && kind == VALUE_STATUS_RETRY) {
        *retry++ = '\0';
        static const char NAME[] = "retry-after=";
        if (strncmp(retry, NAME, sizeof NAME - 1) != 0 ||
            !number_parse(retry + sizeof NAME - 1, 0, 86400, &rule->retry_after_s)) {
            return "expected :retry-after= and seconds after the status";
        }
    }
    return value && number_parse(value, 200, 599, &rule->value)
               ? NULL
               : "expected a status from 200 to 599";
}

/* Takes `text` apart in place. */
static const char *parse_parts(struct rule *rule, char *text)
{
    char *selectors = strchr(text, '@');
    if (selectors) {
        *selectors++ = '\0';
    }
    char *value = strchr(text, '=');
    if (value) {
        *value++ = '\0';
    }
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        if (strcmp(FAULTS[i].name, text) == 0) {
            rule->fault = &FAULTS[i];
        }
    }
    if (!rule->fault) {
        return "expected " FAULT_NAMES;
    }
    const char *wrong = parse_value(rule, value);
    return wrong || !selectors ? wrong : parse_selectors(rule, selectors);
}

static const char *parse_rule(struct rule *rule, const char *text)
{
    rule->text = strdup(text);
    char *parts = strdup(text);
    const char *wrong = rule->text && parts ? parse_parts(rule, parts) : "out of memory";
    free(parts);
    return wrong;
}

void faults_start(uint64_t seed)
{
    faults.seed = seed;
}

void faults_stop(void)
{
    clear_rules(faults.rules, faults.count);
    faults.rules = NULL;
    faults.count = 0;
    arrivals_clear(&faults.arrivals);
}

bool faults_set(const char *const *texts, size_t count, char **message, size_t *wrong)
{
    *message = NULL;
    struct rule *rules = calloc(count + 1, sizeof(struct rule));
    if (!rules) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *expected = parse_rule(&rules[i], texts[i]);
        if (expected) {
            if (asprintf(message, "fault rule \"%s\": %s", texts[i], expected) < 0) {
                *message = NULL;
            }
            *wrong = i;
            clear_rules(rules, count);
            return false;
        }
        rules[i].random = faults.seed + i * UINT64_C(0x632be59bd9b4e019);
    }
    pthread_mutex_lock(&faults.lock);
    struct rule *old = faults.rules;
    size_t old_count = faults.count;
    faults.rules = rules;
    faults.count = count;
    timers_end_delays(++faults.changes);
    atomic_store(&faults.on, count > 0 || faults.count_always);
    pthread_mutex_unlock(&faults.lock);
    clear_rules(old, old_count);
    return true;
}

struct json *faults_list(void)
{
    struct json *list = json_new_array();
    pthread_mutex_lock(&faults.lock);
    for (size_t i = 0; list && i < faults.count; i++) {
        json_append(list, json_new_string(faults.rules[i].text));
    }
    pthread_mutex_unlock(&faults.lock);
    return json_with(json_new_object(), "rules", list);
}

void faults_count_always(void)
{
    faults.count_always = true;
    atomic_store(&faults.on, true);
}

bool faults_are_on(void)
{
    return atomic_load_explicit(&faults.on, memory_order_relaxed);
}

static bool sees(const struct rule *rule, const struct fault_request *request, int64_t attempt)
{
    if (rule->endpoint ? strcmp(rule->endpoint, request->path) != 0 || request->shadowed
                       : !request->creating) {
        return false;
    }
    return rule->attempt == 0 || rule->attempt == attempt;
}

/* Each of these counts what the ones before it let through; `first` is last, so that it means the
 * first N that would have been struck. */
static bool picks(struct rule *rule)
{
    if (rule->every > 0 && ++rule->seen_every % rule->every != 0) {
        return false;
    }
    if (rule->has_p && next_random(&rule->random) >> 11 >= rule->p) {
        return false;
    }
    return rule->first == 0 || ++rule->seen_first <= rule->first;
}

static int64_t count_arrival(const struct fault_request *request)
{
    if (!request->creating) {
        return arrivals_add(&faults.arrivals, request->tenant, request->path, "");
    }
    return arrivals_add(&faults.arrivals, request->tenant, request->endpoint, request->key);
}

/* The rule without its selectors; left out where there is no room for the whole of it. */
static void add_name(struct fault_plan *plan, const struct rule *rule)
{
    size_t used = strlen(plan->names), length = strcspn(rule->text, "@");
    const char *gap = used > 0 ? ", " : "";
    if (used + strlen(gap) + length < sizeof plan->names) {
        snprintf(plan->names + used, sizeof plan->names - used, "%s%.*s", gap, (int)length,
                 rule->text);
    }
}

static void strike(const struct rule *rule, struct fault_plan *plan)
{
    switch (rule->fault->point) {
    case POINT_ADMIT:
        plan->drop_before = rule->fault->value == VALUE_NONE;
        plan->status_before = (int)rule->value;
        plan->retry_after_s = (int)rule->retry_after_s;
        break;
    case POINT_DELAY_BEFORE:
        plan->delay_before_ms = rule->value;
        break;
    case POINT_CRASH_BEFORE:
        plan->crash_before = true;
        break;
    case POINT_CRASH_AFTER:
        plan->crash_after = true;
        break;
    case POINT_DELAY_AFTER:
        plan->delay_after_ms = rule->value;
        break;
    case POINT_RESPONSE:
        plan->response = rule->fault->response;
        plan->response_value = (int)rule->value;
        break;
    case POINT_COUNT:
        break;
    }
}

struct fault_plan faults_consult(const struct fault_request *request)
{
    struct fault_plan plan = {0};
    bool taken[POINT_COUNT] = {false};
    pthread_mutex_lock(&faults.lock);
    int64_t attempt = count_arrival(request);
    plan.rules = faults.changes;
    for (size_t i = 0; i < faults.count; i++) {
        struct rule *rule = &faults.rules[i];
        assert(rule->fault); /* a rule in force was read to its end */
        if (sees(rule, request, attempt) && picks(rule) && !taken[rule->fault->point]) {
            taken[rule->fault->point] = true;
            strike(rule, &plan);
            add_name(&plan, rule);
        }
    }
    pthread_mutex_unlock(&faults.lock);
    return plan;
}
