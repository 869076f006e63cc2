/* What a server is loose about is told in the case that is meant for it, and of what is sound, or
 * can't be told, nothing is said. */
#include "tests/lab/conform_runs.h"
#include "tests/support/certificate.h"
#include "tests/support/json_pointer.h"
#include "tests/support/mock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *mistake, *fails, *words; /* see mistakes/loose.c */
} LOOSE[] = {
    {"case", "near-keys", "a key that differs in the case of a letter: status 422, not 201"},
    {"cut", "near-keys", "a key that differs in its last character: status 422, not 201"},
    {"trim", "near-keys", "a key that differs by a blank: status 422, not 201"},
    {"long", "malformed-key", "a key in the body that is too long: status 201, not 400"},
    {"lines", "other-body", "one with another lines under its key: status 201, not 422"},
};

static void what_a_server_is_loose_about_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LOOSE / sizeof *LOOSE; i++) {
        struct mock mock = {0};
        setenv("INVONCE_LOOSE", LOOSE[i].mistake, 1);
        mock_use(LAB_LOOSE_SERVER);
        assert_true(mock_start(&mock, NULL));
        mock_use(NULL);
        unsetenv("INVONCE_LOOSE");
        struct process_result result =
            conform_run((const char *const[]){"--url", mock.url, "--token", TOKEN_ANA, "--only",
                                              LOOSE[i].fails, "--timeout", "60s", NULL},
                        NULL);
        const char *told = strstr(result.output, "\n      ");
        size_t length = strlen(LOOSE[i].words);
        if (result.code != 1 || !told || strncmp(told + 7, LOOSE[i].words, length) != 0)
            fail_msg("%s: %d %s%s", LOOSE[i].mistake, result.code, result.output, result.errors);
        process_result_clear(&result);
        mock_clear(&mock);
    }
}

/* --- what a case file says, and the server does otherwise --- */

/* Who is there already is told so, without a word of a replay. */
#define CUSTOMERS(path, members)                                                                   \
    "{\"path\":\"" path "\",\"body\":{\"email\":\"{{unique}}@conform.example\"},"                  \
    "\"statuses\":{\"replayed\":200}," members "}"

static const struct {
    const char *text, *only, *outcome, *words;
} FILES[] = {
    {CUSTOMERS("/v1/customers", "\"body_max\":262144"), "size", "pass", ""},
    {CUSTOMERS("/v1/customers", "\"body_max\":262145"), "size", "fail",
     "the same in a body of full size: status 413, not 201"},
    {CUSTOMERS("/v1/customers", "\"body_max\":262143"), "size", "fail",
     "a body of one byte too many: status 201, not 413"},
    {CUSTOMERS("/v1/customers", "\"body_max\":1"), "size", "not_offered", ""},
    {CUSTOMERS("/v1/customers", "\"id\":\"/id\""), "create", "pass", ""},
    {CUSTOMERS("/v1/customers", "\"id\":\"/no\""), "create", "fail", "what was created has no /no"},
    {CUSTOMERS("/v1/customers", "\"id\":\"/name\""), "create", "fail",
     "another request to create: it gets the first one's record"},
    {CUSTOMERS("/v1/customers?from=here", "\"id\":\"/id\""), "order", "pass", ""},
};

static void assert_told(const struct process_result *result, const char *outcome, const char *words)
{
    struct json *report = json_from(result->output);
    const char *what = json_pointer_text(report, "/cases/0/failures/0/what");
    if (strcmp(json_pointer_text(report, "/cases/0/outcome"), outcome) != 0 ||
        strcmp(what, words) != 0)
        fail_msg("not %s: %s%s", outcome, result->output, result->errors);
    json_free(report);
}

static void what_a_case_file_says_is_held_against_the_server(void **state)
{
    struct mock mock = {0};
    (void)state;
    assert_true(mock_start(&mock, NULL));
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct process_result result =
            conform_run_only(mock.url, FILES[i].text, FILES[i].only, NULL);
        assert_told(&result, FILES[i].outcome, FILES[i].words);
        process_result_clear(&result);
    }
    mock_clear(&mock);
}

/* What was lost can't be read there. */
static void over_tls_a_lost_reply_takes_what_tells_a_replay(void **state)
{
    static const struct {
        const char *text, *outcome;
    } TRIED[] = {
        {CUSTOMERS("/v1/customers", "\"id\":\"/id\""), "not_offered"},
        {CUSTOMERS("/v1/customers", "\"unique\":\"/email\",\"refusals\":{\"taken\":null}"), "pass"},
    };
    struct certificate certificate;
    struct mock mock = {0};
    (void)state;
    certificate_make(&certificate);
    assert_true(mock_start(&mock, (const char *const[]){"--tls-cert", certificate.path, "--tls-key",
                                                        certificate.key_path, NULL}));
    for (size_t i = 0; i < sizeof TRIED / sizeof *TRIED; i++) {
        struct process_result result =
            conform_run_only(mock.url, TRIED[i].text, "lost-reply", certificate.path);
        assert_told(&result, TRIED[i].outcome, "");
        process_result_clear(&result);
    }
    mock_clear(&mock);
    certificate_clear(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_server_is_loose_about_is_noticed),
        cmocka_unit_test(what_a_case_file_says_is_held_against_the_server),
        cmocka_unit_test(over_tls_a_lost_reply_takes_what_tells_a_replay),
    };
    return cmocka_run_group_tests_name("lab_conform_loose", tests, NULL, NULL);
}
