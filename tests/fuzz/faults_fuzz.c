/* Reads any bytes as rules of faults, a line each: what is in force is listed as it was written,
 * and strikes without harm; what can't be read is named. */
#include "mock_server/faults/faults.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define RULES_MAX 16

static void check_struck(void)
{
    static const struct fault_request REQUESTS[] = {
        {"north", "POST /v1/invoices", "k", "/v1/invoices", true, false},
        {"north", "GET /v1/invoices", "", "/v1/invoices", false, true},
        {"south", "GET /healthz", "", "/healthz", false, false},
    };
    for (size_t i = 0; i < 2 * sizeof REQUESTS / sizeof REQUESTS[0]; i++) {
        struct fault_plan plan = faults_consult(&REQUESTS[i / 2]);
        MUST(memchr(plan.names, '\0', sizeof plan.names) != NULL);
        MUST(plan.delay_before_ms >= 0 && plan.delay_after_ms >= 0);
        MUST(plan.status_before == 0 || (plan.status_before >= 100 && plan.status_before <= 999));
    }
}

static void check_listed(const char *const *rules, size_t count)
{
    struct json *list = faults_list();
    size_t i = 0;
    for (const struct json *at = json_first(json_member(list, "rules")); at != NULL;
         at = json_next(at), i++)
        MUST(i < count && strcmp(json_string(at), rules[i]) == 0);
    MUST(i == count);
    json_free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *rules[RULES_MAX];
    char *text = strndup((const char *)data, size), *rest = text, *message = NULL;
    size_t count = 0, wrong = 0;
    MUST(text != NULL);
    while (rest != NULL && count < RULES_MAX)
        rules[count++] = strsep(&rest, "\n");
    faults_start(1);
    if (faults_set(rules, count, &message, &wrong)) {
        MUST(message == NULL);
        check_listed(rules, count);
        check_struck();
    } else {
        MUST(message != NULL && wrong < count);
        MUST(strstr(message, "expected") != NULL || strstr(message, "fault") != NULL);
        free(message);
        check_listed(NULL, 0); /* those in force stay */
    }
    faults_stop();
    free(text);
    return 0;
}
