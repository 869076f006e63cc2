/* Many submissions at once: told in order, written down before they are sent or told, and ended in
 * order when something fails. */
#include "tui/batch/flow.h"

#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_call.h"
#include "tests/unit/client_disk.h"
#include "tests/unit/client_peer.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

/* What a test's source gives: so many results that are there already, then intents by number. */
struct script {
    size_t results;
    const char *const *numbers; /* NULL-ended; NULL: none */
    bool fails;                 /* at its end */
    size_t given;
};

static enum flow_step next(void *self, struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct script *script = self;
    size_t index = script->given++;
    if (index < script->results) {
        item->outcome = RESULT_REJECTED;
        item->text = support_format("result %zu", index);
        return FLOW_ITEM;
    }
    index -= script->results;
    if (script->numbers != NULL && script->numbers[index] != NULL) {
        item->intent = client_sample_intent(script->numbers[index]);
        item->position = (int64_t)index + 1;
        return FLOW_ITEM;
    }
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "The source failed.");
    return script->fails ? FLOW_FAILED : FLOW_END;
}

static char *write_result(void *self, const struct result *result)
{
    (void)self;
    return support_format("%s %s", result_word(result->outcome), result->name);
}

struct scene {
    struct place *place;
    struct submitter_context context;
    int interrupt;
    enum flow_end end;
    int exit_code;
    char sentence[JOURNAL_SENTENCE_MAX];
    char *told; /* what was written */
};

static void open_scene(struct scene *scene, struct place *place, const char *server)
{
    *scene = (struct scene){.place = place, .interrupt = eventfd(0, EFD_CLOEXEC)};
    assert_true(scene->interrupt >= 0);
    scene->context.retry = retry_policy_default;
    scene->context.journal = place_open(place->path, &PLACE_ANA);
    scene->context.courier = call_courier(server, 0);
}

static void play(struct scene *scene, struct script *script, size_t in_flight)
{
    struct progress progress = {0};
    size_t length = 0;
    free(scene->told);
    FILE *out = tmpfile();
    assert_non_null(out);
    const struct flow_options options = {.context = &scene->context,
                                         .in_flight = in_flight,
                                         .out = out,
                                         .progress = &progress,
                                         .interrupt = scene->interrupt};
    const struct flow_source source = {.next = next, .write = write_result, .self = script};
    scene->end = flow_run(&options, &source, &scene->exit_code, scene->sentence);
    long size = ftell(out);
    assert_true(size >= 0);
    scene->told = calloc(1, (size_t)size + 1);
    assert_non_null(scene->told);
    rewind(out);
    length = fread(scene->told, 1, (size_t)size, out);
    assert_int_equal(length, size);
    fclose(out);
}

static void close_scene(struct scene *scene)
{
    courier_free(scene->context.courier);
    journal_close(scene->context.journal);
    close(scene->interrupt);
    free(scene->told);
}

/* It never waits for what nobody sends. */
static void results_alone_go_straight_through(void **state)
{
    struct scene scene;
    struct script script = {.results = 5000};
    open_scene(&scene, *state, "http://127.0.0.1:1");
    play(&scene, &script, 8);
    assert_int_equal(scene.end, FLOW_FINISHED);
    assert_int_equal(scene.exit_code, 4);
    assert_memory_equal(scene.told, "result 0\nresult 1\n", 18);
    const char *last = strstr(scene.told, "result 4999\n");
    assert_non_null(last);
    assert_string_equal(last, "result 4999\n");
    close_scene(&scene);
}

static void a_record_is_sent_and_told(void **state)
{
    struct scene scene;
    static const char *const numbers[] = {"1", NULL};
    struct script script = {.results = 1, .numbers = numbers};
    char *record = client_sample_record_text("1");
    struct peer_step step = {PEER_ANSWERS, record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    open_scene(&scene, *state, peer_url(peer));
    play(&scene, &script, 1);
    assert_int_equal(scene.end, FLOW_FINISHED);
    assert_string_equal(scene.told, "result 0\ncreated 1\n");
    assert_int_equal(peer_requests(peer), 1);
    assert_int_equal(
        rows_number(scene.place->path, "SELECT count(*) FROM intents WHERE state = 'created'"), 1);
    close_scene(&scene);
    peer_stop(peer);
    free(record);
}

/* The second one of a number waits for the first, which has had no answer: then it is held. */
static void one_number_is_sent_once_at_a_time(void **state)
{
    struct scene scene;
    static const char *const numbers[] = {"1", "2", "1", NULL};
    struct script script = {.numbers = numbers};
    unsigned short port;
    int closed = peer_closed_port(&port);
    char *server = support_format("http://127.0.0.1:%u", (unsigned)port);
    open_scene(&scene, *state, server);
    scene.context.retry.budget_ms = 1;
    play(&scene, &script, 4);
    assert_int_equal(scene.end, FLOW_FINISHED);
    assert_int_equal(scene.exit_code, 5);
    assert_string_equal(scene.told, "unconfirmed 1\nunconfirmed 2\nunconfirmed 1\n");
    assert_int_equal(rows_number(scene.place->path, "SELECT count(*) FROM intents"), 2);
    close_scene(&scene);
    close(closed);
    free(server);
}

static void nothing_is_sent_that_cant_be_recorded(void **state)
{
    struct scene scene;
    static const char *const numbers[] = {"1", NULL};
    struct script script = {.results = 2, .numbers = numbers};
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    disk_install();
    open_scene(&scene, *state, peer_url(peer));
    disk_fill(true);
    play(&scene, &script, 8);
    disk_fill(false);
    assert_int_equal(scene.end, FLOW_BROKEN);
    assert_non_null(strstr(scene.sentence, "full"));
    assert_string_equal(scene.told, "");
    assert_int_equal(peer_requests(peer), 0);
    close_scene(&scene);
    disk_remove();
    peer_stop(peer);
}

static void a_source_that_fails_ends_it(void **state)
{
    struct scene scene;
    struct script script = {.results = 2, .fails = true};
    open_scene(&scene, *state, "http://127.0.0.1:1");
    play(&scene, &script, 8);
    assert_int_equal(scene.end, FLOW_BROKEN);
    assert_string_equal(scene.sentence, "The source failed.");
    assert_string_equal(scene.told, "result 0\nresult 1\n");
    close_scene(&scene);
}

static void an_interrupt_before_the_start_sends_nothing(void **state)
{
    struct scene scene;
    static const char *const numbers[] = {"1", NULL};
    struct script script = {.numbers = numbers};
    open_scene(&scene, *state, "http://127.0.0.1:1");
    assert_int_equal(eventfd_write(scene.interrupt, 1), 0);
    play(&scene, &script, 8);
    assert_int_equal(scene.end, FLOW_INTERRUPTED);
    assert_int_equal(script.given, 0);
    assert_int_equal(rows_number(scene.place->path, "SELECT count(*) FROM intents"), 0);
    close_scene(&scene);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(results_alone_go_straight_through), TEST(a_record_is_sent_and_told),
        TEST(one_number_is_sent_once_at_a_time), TEST(nothing_is_sent_that_cant_be_recorded),
        TEST(a_source_that_fails_ends_it),       TEST(an_interrupt_before_the_start_sends_nothing),
    };
    return cmocka_run_group_tests_name("tui/flow", tests, NULL, NULL);
}
