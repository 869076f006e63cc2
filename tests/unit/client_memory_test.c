/* One allocation of a whole create refused, in our code, cJSON, SQLite and libcurl, every fifth in
 * turn: no crash, no leak (the sanitizers look), and once there is memory again, one record under
 * one key. `client_memory_test 1` refuses each of them; so does ./run torture, in the program. */
#include "protocol/client/submitter.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client_peer.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/client_terminal.h"
#include "tests/unit/starved.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NUMBER "2026-0042"
#define EVERY  5

static long every = EVERY;

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_allocate(int size)
{
    return starved_refuses() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_grow(void *memory, int size)
{
    return starved_refuses() ? NULL : sqlite_memory.xRealloc(memory, size);
}

static int hook_the_libraries(void **unused)
{
    (void)unused;
    /* Two thousand journals: not on a disk, which would have to sync each. */
    if (access("/dev/shm", W_OK) == 0 && setenv("TMPDIR", "/dev/shm", 0) != 0) return -1;
    sqlite3_mem_methods refusing;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK) return -1;
    refusing = sqlite_memory;
    refusing.xMalloc = sqlite_allocate;
    refusing.xRealloc = sqlite_grow;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &refusing) == SQLITE_OK &&
                   curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, free, realloc, strdup,
                                        calloc) == CURLE_OK
               ? 0
               : -1;
}

static struct json *compose(void *form)
{
    return json_copy(form);
}

/* All of a create, as far as it gets without memory. */
static void create(const char *path, const char *server, struct json *form)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "", trouble[COURIER_SENTENCE_MAX] = "";
    const struct journal_account account = {"http://127.0.0.1:1", TERMINAL_TOKEN};
    const struct courier_options options = {.server = server, .token = TERMINAL_TOKEN};
    struct terminal terminal = {.context.retry = retry_policy_default};
    terminal.context.journal = journal_open(path, &account, sentence);
    terminal.context.courier = courier_new(&options, trouble);
    assert_int_equal(terminal.context.journal != NULL, sentence[0] == '\0');
    assert_int_equal(terminal.context.courier != NULL, trouble[0] == '\0');
    if (terminal.context.journal != NULL && terminal.context.courier != NULL)
        terminal.submitter = submitter_new(&terminal.context, &INVOICE, compose, form);
    if (terminal.submitter != NULL) {
        terminal_press(&terminal);
        for (;;) {
            struct submission submission = terminal_submission(&terminal);
            if (submission.state == SUBMISSION_EDITING || submission.state >= SUBMISSION_CREATED)
                break;
            int64_t due_ms = submitter_due_ms(terminal.submitter);
            if (due_ms == INT64_MAX)
                courier_poll(terminal.context.courier, NULL, NULL, 0, 100);
            else if (due_ms > terminal_now_ms(&terminal))
                terminal.skew_ms += due_ms - terminal_now_ms(&terminal);
            submitter_advance(terminal.submitter, terminal_now_ms(&terminal));
        }
    }
    submitter_free(terminal.submitter);
    courier_free(terminal.context.courier);
    journal_close(terminal.context.journal);
}

/* With memory again: what is open is settled, what was never recorded is submitted again. */
static void heal(const char *path, const char *server)
{
    struct terminal terminal = terminal_open(path, server, NUMBER, 0);
    if (terminal_adopt(&terminal)) {
        terminal_run_to_end(&terminal);
        assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_CREATED);
        assert_false(terminal_adopt(&terminal));
    }
    terminal_close(&terminal);
}

/* However often it was sent, it was under one key. */
static void assert_one_key(struct peer *peer)
{
    for (size_t i = 1; i < peer_requests(peer); i++)
        assert_memory_equal(strstr(peer_request(peer, i), "Idempotency-Key: \""),
                            strstr(peer_request(peer, 0), "Idempotency-Key: \""), 18 + 36);
}

static bool survives(long nth)
{
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = support_format("%s/journal.sqlite", directory);
    char *record = client_sample_record_text(NUMBER);
    struct json *form = sample_invoice(NUMBER);
    struct peer_step step = {PEER_ANSWERS, record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    starved_begin(nth);
    create(path, peer_url(peer), form);
    bool was_refused = starved_end();
    heal(path, peer_url(peer));
    assert_one_key(peer);
    long long open_ones =
        rows_number(path, "SELECT count(*) FROM intents WHERE state IN ('open', 'unconfirmed')");
    long long created = rows_number(path, "SELECT count(*) FROM intents WHERE state = 'created'");
    assert_int_equal(open_ones, 0);
    assert_int_equal(created, peer_requests(peer) > 0);
    peer_stop(peer);
    json_free(form);
    free(record);
    free(path);
    temp_dir_remove(directory);
    return was_refused;
}

static void an_allocation_is_refused(void **unused)
{
    (void)unused;
    long nth = 0;
    while (survives(nth))
        nth += every;
    print_message("of %ld allocations every one of %ld was refused\n", nth, every);
    assert_true(nth > 300);
}

int main(int argc, char **argv)
{
    if (argc > 1) every = strtol(argv[1], NULL, 10);
    if (every < 1) support_die("usage: client_memory_test [EVERY]");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_is_refused),
    };
    return cmocka_run_group_tests_name("client/memory", tests, hook_the_libraries, NULL);
}
