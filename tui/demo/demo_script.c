#include "tui/demo/demo_script.h"

#include "protocol/client/submitter.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "tui/command/command_line.h"
#include "tui/command/temporary_directory.h"
#include "tui/demo/demo_server.h"
#include "tui/demo/demo_token.h"
#include "tui/words/words.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the scenes share. */
struct stage {
    struct submitter_context context;
    struct submitter *submitter;
    int64_t audit_seen; /* seq of the last entry printed */
    bool as_it_should;  /* no scene has ended otherwise */
};

static struct json *compose_invoice(void *number)
{
    const struct values_row lines[] = {
        {{"Consulting", "1.5", "120.00", "21"}},
        {{"Travel costs, Berlin to Hamburg", "1", "89.00", "19"}},
    };
    const struct values invoice = {
        .texts[INVOICE_NUMBER] = number,
        .texts[INVOICE_ISSUE_DATE] = "2026-11-22",
        .texts[INVOICE_DUE_DATE] = "2026-12-22",
        .texts[INVOICE_CURRENCY] = "EUR",
        .texts[INVOICE_EMAIL] = "ap@northwind.example",
        .texts[INVOICE_NAME] = "Northwind Ltd",
        .rows = lines,
        .row_count = sizeof lines / sizeof *lines,
    };
    return resource_request(&INVOICE, &invoice);
}

struct fetched {
    struct json *json;
    bool done;
};

static void keep_reply(void *context, const struct reply *reply)
{
    struct fetched *fetched = context;
    char problem[JSON_PROBLEM_MAX];
    if (reply->fate == REPLY_WHOLE && reply->status == 200)
        fetched->json = json_read_object(reply->body, reply->length, problem);
    fetched->done = true;
}

/* A GET, waited for. New reference, or NULL. */
static struct json *fetch(struct courier *courier, const char *path)
{
    struct fetched fetched = {0};
    const struct courier_request request = {.path = path};
    if (!courier_send(courier, &request, keep_reply, &fetched)) return NULL;
    while (!fetched.done)
        if (!courier_poll(courier, NULL, NULL, 0, 1000)) return NULL;
    return fetched.json;
}

/* "0193…e7aa": a UUID is known by its two ends. */
static void print_key(const char *key)
{
    size_t length = strlen(key);
    if (length <= 9)
        printf("%-9s", key);
    else
        printf("%.4s…%s", key, key + length - 4);
}

/* Prints the audit entries that came since the last call. */
static void print_audit(struct stage *stage)
{
    char path[64];
    snprintf(path, sizeof path, "/v1/audit?after=%lld", (long long)stage->audit_seen);
    struct json *page = fetch(stage->context.courier, path);
    size_t try = 0;
    puts(_("  What the server saw:"));
    for (const struct json *entry = json_first(json_member(page, "data")); entry;
         entry = json_next(entry)) {
        const char *at = json_text(entry, "at"), *key = json_text(entry, "key");
        const char *outcome = json_text(entry, "outcome"), *id = json_text(entry, "invoice_id");
        printf("    %.8s  ", at && strlen(at) > 19 ? at + 11 : "");
        print_key(key ? key : "");
        printf(_("  try %zu  %-17s  %s\n"), ++try, outcome ? outcome : "?", id ? id : "");
        stage->audit_seen = json_integer(json_member(entry, "seq"), 0);
    }
    if (!page) stage->as_it_should = false;
    json_free(page);
}

/* Asks the server how many records there are by that number, and says what kept it at one. */
static void print_count(struct stage *stage, const char *number, const char *layer)
{
    char path[64];
    snprintf(path, sizeof path, "/v1/invoices?number=%s&year=2026", number);
    struct json *page = fetch(stage->context.courier, path);
    size_t count = json_count(json_member(page, "data"));
    json_free(page);
    if (count != 1) stage->as_it_should = false;
    printf(_("  Records with number %s: %zu"), number, count);
    if (count == 1) printf(_("   <- kept at one by %s"), layer);
    puts("\n");
}

static void print_again(const char *why)
{
    char *told = words_retold(why);
    printf(_(", the same again (the last one: %s)"), told ? told : why);
    free(told);
}

/* The client's loop without a screen: until the submission has ended. Prints each new attempt. */
static struct submitter_view run_to_end(struct stage *stage)
{
    unsigned told = 0;
    for (;;) {
        int64_t now = clock_monotonic_ms();
        bool moved = submitter_advance(stage->submitter, now);
        struct submitter_view view = submitter_view(stage->submitter);
        if (view.submission.attempts > told) {
            told = view.submission.attempts;
            printf(_("  attempt %u, key "), told);
            print_key(view.intent ? view.intent->key : "");
            if (told > 1) print_again(view.why);
            putchar('\n');
            fflush(stdout);
        }
        if (moved) continue;
        if (submission_has_ended(view.submission.state)) return view;
        int64_t wait = submitter_due_ms(stage->submitter) - now;
        int timeout = wait < 0 ? 0 : wait > 1000 ? 1000 : (int)wait;
        if (!courier_poll(stage->context.courier, NULL, NULL, 0, timeout)) return view;
    }
}

/* One intent: `presses` of Enter on an invoice of that number, to the end. */
static void submit(struct stage *stage, char *number, unsigned presses, enum submission_state end)
{
    stage->submitter = submitter_new(&stage->context, &INVOICE, compose_invoice, number);
    if (!stage->submitter) {
        stage->as_it_should = false;
        return;
    }
    for (unsigned i = 0; i < presses; i++)
        submitter_press(stage->submitter, clock_monotonic_ms());
    struct submitter_view view = run_to_end(stage);
    if (view.submission.state != end) stage->as_it_should = false;
    if (view.submission.state == SUBMISSION_CREATED) {
        const char *id = json_text(view.record, "id");
        printf(_("  Invoice created: %s"), id ? id : "?");
        if (view.submission.ignored_presses)
            fputs(_(" - we ignored the duplicate submission and kept your first request."), stdout);
        putchar('\n');
    } else if (view.submission.state == SUBMISSION_CONFLICT) {
        const char *detail = json_text(view.problem, "detail");
        printf("  %s\n", _(detail ? detail : "conflict"));
    } else {
        printf(_("  Not as it should be: %s\n"), view.why);
    }
    submitter_free(stage->submitter);
    stage->submitter = NULL;
}

static void play_scenes(struct stage *stage)
{
    char first[] = "2026-0042", second[] = "2026-0043";
    puts(_("Invonce: invoices, entered once. A demonstration with a real client, server and "
           "database,\non a throw-away store.\n"));
    puts(_("1. The server saves the invoice, and its reply is lost on the way"));
    submit(stage, first, 1, SUBMISSION_CREATED);
    print_audit(stage);
    print_count(stage, first, _("the idempotency key"));

    puts(_("2. Enter is pressed twice"));
    submit(stage, second, 2, SUBMISSION_CREATED);
    print_audit(stage);
    print_count(stage, second, _("the form's lock: 2 presses, 1 request"));

    puts(_("3. Somebody types the first invoice again: a new intent, with a new key"));
    submit(stage, first, 1, SUBMISSION_CONFLICT);
    print_audit(stage);
    print_count(stage, first, _("the database's unique constraint"));
}

/* With the server up: a journal and a courier of its own. */
static bool play_on(const struct demo_server *server, const char *directory, const char *token)
{
    char path[PATH_MAX + 16], journal_problem[JOURNAL_SENTENCE_MAX] = "";
    char courier_problem[COURIER_SENTENCE_MAX] = "";
    snprintf(path, sizeof path, "%s/journal.db", directory);
    const struct journal_account account = {.server = server->url, .token = token};
    const struct courier_options options = {.server = server->url,
                                            .token = token,
                                            .connect_timeout_ms = 3000,
                                            .attempt_timeout_ms = 10000};
    struct stage stage = {.context = {.retry = retry_policy_default}, .as_it_should = true};
    stage.context.journal = journal_open(path, &account, journal_problem);
    stage.context.courier = courier_new(&options, courier_problem);
    bool ready = stage.context.journal && stage.context.courier;
    if (ready)
        play_scenes(&stage);
    else
        command_line_failed(*journal_problem ? journal_problem : courier_problem);
    courier_free(stage.context.courier);
    journal_close(stage.context.journal);
    return ready && stage.as_it_should;
}

int demo_script_play(void)
{
    char directory[PATH_MAX], store[PATH_MAX + 16], tokens[PATH_MAX + 16], log[PATH_MAX + 16];
    char token[DEMO_TOKEN_SIZE], sentence[DEMO_SERVER_SENTENCE_MAX];
    if (!temporary_directory_make(directory)) {
        fprintf(stderr, _("invonce: cannot make a temporary directory in %.200s (TMPDIR): %s\n"),
                temporary_directory(), _(strerror(errno)));
        return EXIT_FAILURE;
    }
    snprintf(store, sizeof store, "%s/store.db", directory);
    snprintf(tokens, sizeof tokens, "%s/tokens", directory);
    snprintf(log, sizeof log, "%s/server.log", directory);
    char fault[] = "drop-response@first=1";
    char *faults[] = {fault};
    const struct demo_server_options options = {
        .store = store, .tokens_file = tokens, .log = log, .faults = faults, .fault_count = 1};
    struct demo_server server;
    bool well = false;
    if (!demo_token_get(tokens, token)) {
        fprintf(stderr, _("invonce: cannot write a token: %s\n"), _(strerror(errno)));
    } else if (!demo_server_start(&server, &options, sentence)) {
        fprintf(stderr, "invonce: %s\n", sentence);
    } else {
        well = play_on(&server, directory, token);
        demo_server_stop(&server);
    }
    temporary_directory_remove(directory);
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
