/* What every test of the server says again and again: requests to it, and what a reply must be. */
#ifndef INVONCE_TESTS_SERVER_API_H
#define INVONCE_TESTS_SERVER_API_H

#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/mock.h"
#include "tests/support/sample.h"

/* cmocka wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A test with a server of its own: its state is a struct mock. The options are a NULL-ended list,
 * or NULL. Afterwards the server must stop with 0 and leave nothing but its store. */
#define SERVER_TEST(test, options)                                                                 \
    {                                                                                              \
        .name = #test, .test_func = (test), .setup_func = api_setup,                               \
        .teardown_func = api_teardown, .initial_state = (void *)(uintptr_t)(options)               \
    }
/* The same, but the test starts its servers itself, by api_fresh or mock_start. */
#define UNSTARTED_TEST(test)                                                                       \
    {                                                                                              \
        .name = #test, .test_func = (test), .setup_func = api_setup_unstarted,                     \
        .teardown_func = api_teardown                                                              \
    }

int api_setup(void **state);
int api_setup_unstarted(void **state);
int api_teardown(void **state);

/* At the start of a test that is about what only SQLite has: passes it over on another store. */
void api_only_sqlite(const char *why);

/* Stops what runs (asserting that it ends well), and starts one on a new store. */
void api_fresh(struct mock *mock, const char *const *options);

/* Stops the server, asserting that it ends well, and takes its log, the caller's to free. */
char *api_whole_log(struct mock *mock);

/* The program of these tests is one group; no test may be passed over. */
#define API_MAIN(name, tests)                                                                      \
    int main(void)                                                                                 \
    {                                                                                              \
        http_setup();                                                                              \
        return cmocka_run_group_tests_name(name, tests, NULL, NULL);                               \
    }

/* Replies are to be cleared. `key` is the header's value as it stands; NULL: none. */
struct http_reply api_post(const struct mock *mock, const char *path, const char *token,
                           const char *key, const char *body);
struct http_reply api_create(const struct mock *mock, const char *key, const char *body); /* ana */
struct http_reply api_get(const struct mock *mock, const char *token, const char *path);

/* Posts the sample invoice with that number and those changes (see sample_body), as ana. */
struct http_reply api_create_sample(const struct mock *mock, const char *key, const char *number,
                                    const char *changes);

/* True when it came and is marked as a replay. */
bool api_is_replay(const struct http_reply *reply);

/* The text at a pointer of the reply's JSON, "" when there is none. Borrowed. */
const char *api_text(const struct http_reply *reply, const char *pointer);

/* How many invoices the tenant of the token has, by the list, page by page. */
size_t api_count(const struct mock *mock, const char *token);

#define api_assert_status(reply, expected) api_check_status(reply, expected, __FILE__, __LINE__)
#define api_assert_problem(reply, slug)    api_check_problem(reply, slug, __FILE__, __LINE__)
#define api_assert_same(first, second)     api_check_same(first, second, __FILE__, __LINE__)

/* A whole reply with that status; what it said instead is printed. */
void api_check_status(const struct http_reply *reply, int expected, const char *file, int line);

/* A problem document of that type, with the status, effect and retry that the contract gives it. */
void api_check_problem(const struct http_reply *reply, const char *slug, const char *file,
                       int line);

/* The same status and the same bytes. */
void api_check_same(const struct http_reply *first, const struct http_reply *second,
                    const char *file, int line);

#endif
