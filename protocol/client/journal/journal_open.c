/* The journal, opened and closed; and how long its calls wait where another program has it locked.
 */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"
#include "protocol/client/journal/journal_log.h"
#include "protocol/client/journal/lock_holder.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/message.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_MS    5
#define TELL_MS     1000
#define PATIENCE_MS 2000 /* the least there is: whoever commits is done by then */

/* --- waiting --- */

static void tell(struct journal *journal)
{
    char sentence[JOURNAL_SENTENCE_MAX];
    struct lock_holder holder;
    if (journal->patience.tell == NULL) return;
    if (lock_holder_find(journal->path, &holder))
        snprintf(sentence, sizeof sentence,
                 N_("The journal %.120s: process %ld (%.15s) holds it locked. Waiting for it; end "
                    "that process if it hangs."),
                 journal->path, holder.process, holder.name);
    else
        snprintf(sentence, sizeof sentence,
                 N_("The journal %.120s: another program holds it locked. Waiting for it; end that "
                    "program if it hangs."),
                 journal->path);
    journal->patience.tell(sentence);
}

static bool may_wait(struct journal *journal)
{
    struct pollfd interrupt = {.fd = journal->patience.interrupt, .events = POLLIN};
    int64_t now_ms = clock_monotonic_ms();
    if (journal->locked_ms == 0) journal->locked_ms = now_ms;
    int64_t waited_ms = now_ms - journal->locked_ms;
    if (waited_ms >= journal->patience.budget_ms) return false;
    if (waited_ms >= TELL_MS && !journal->told) {
        tell(journal);
        journal->told = true;
    }
    return poll(&interrupt, 1, PAUSE_MS) <= 0;
}

bool journal_waits(struct journal *journal, enum journal_status *status)
{
    if (*status != JOURNAL_LOCKED) {
        journal->locked_ms = 0;
        journal->told = false;
        return false;
    }
    if (journal->patience.budget_ms == 0) return false;
    bool waits = may_wait(journal);
    if (!waits) *status = JOURNAL_FAILED;
    return waits;
}

/* --- opening --- */

/* A file system without locks says so here; SQLite would take it for one that is locked. */
static enum journal_status take_lease(struct journal *journal)
{
    char *path = NULL;
    if (journal->lease.file >= 0) return JOURNAL_OK;
    if (asprintf(&path, "%s-owners", journal->path) < 0) return JOURNAL_FAILED;
    enum journal_status status = JOURNAL_OK;
    if (!lease_take(&journal->lease, path)) {
        status = errno == EAGAIN ? JOURNAL_LOCKED : JOURNAL_FAILED;
        journal_file_explain_errno(errno, path, journal->sentence);
    }
    free(path);
    return status;
}

static enum journal_status note_files(struct journal *journal)
{
    if (journal_files_look(journal->path, &journal->files)) return JOURNAL_OK;
    journal_file_explain_errno(errno, journal->path, journal->sentence);
    return JOURNAL_FAILED;
}

/* SQL's word for lease_is_held: no row that is in a living process's hands is missed or taken. */
static void lives(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct lease *lease = sqlite3_user_data(context);
    (void)count;
    sqlite3_result_int(context, lease_is_held(lease, sqlite3_value_int64(values[0])));
}

static enum journal_status read_all(struct journal *journal)
{
    if (sqlite3_create_function_v2(journal->database, "lives", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                   &journal->lease, lives, NULL, NULL, NULL) != SQLITE_OK)
        return journal_failed(journal);
    if (!journal_account_read(journal, journal->token))
        return sqlite3_errcode(journal->database) == SQLITE_BUSY ? JOURNAL_LOCKED : JOURNAL_FAILED;
    return note_files(journal);
}

static void let_go(struct journal *journal)
{
    for (int i = 0; i < JOURNAL_STATEMENTS; i++) {
        sqlite3_finalize(journal->statements[i]);
        journal->statements[i] = NULL;
    }
    sqlite3_close(journal->database);
    journal->database = NULL;
}

static void forget_token(struct journal *journal)
{
    if (journal->token != NULL) OPENSSL_cleanse(journal->token, strlen(journal->token));
    free(journal->token);
    journal->token = NULL;
}

static enum journal_status try_to_open(struct journal *journal)
{
    enum journal_status status = journal_file_prepare(journal->path, journal->sentence);
    if (status == JOURNAL_OK) status = take_lease(journal);
    if (status == JOURNAL_OK)
        status = journal_file_open(journal->path, &journal->database, journal->sentence);
    if (status != JOURNAL_OK) return status;
    journal_log_watch(journal);
    status = read_all(journal);
    if (status == JOURNAL_OK)
        forget_token(journal);
    else
        let_go(journal);
    return status;
}

enum journal_status journal_ready(struct journal *journal)
{
    return journal->database != NULL ? JOURNAL_OK : try_to_open(journal);
}

static enum journal_status open_patiently(struct journal *journal)
{
    enum journal_status status;
    do
        status = journal_ready(journal);
    while (journal_waits(journal, &status));
    return status;
}

static bool begin_with(struct journal *journal, const char *path,
                       const struct journal_account *account)
{
    struct origin origin;
    journal->path = strdup(path);
    journal->token = account->token != NULL ? strdup(account->token) : NULL;
    snprintf(journal->server, sizeof journal->server, "%s",
             origin_read(account->server, &origin) ? origin.text : account->server);
    return journal->path != NULL && (account->token == NULL || journal->token != NULL);
}

static void be_patient(struct journal *journal, const struct journal_patience *patience)
{
    journal->patience = (struct journal_patience){.interrupt = -1};
    if (patience == NULL) return;
    journal->patience = *patience;
    if (journal->patience.budget_ms < PATIENCE_MS) journal->patience.budget_ms = PATIENCE_MS;
}

struct journal *journal_open_patiently(const char *path, const struct journal_account *account,
                                       const struct journal_patience *patience,
                                       char sentence[JOURNAL_SENTENCE_MAX])
{
    struct journal *journal = calloc(1, sizeof *journal);
    enum journal_status status = JOURNAL_FAILED;
    if (journal != NULL) {
        journal->lease.file = -1;
        be_patient(journal, patience);
        if (begin_with(journal, path, account)) status = open_patiently(journal);
        if (status == JOURNAL_OK || status == JOURNAL_LOCKED) return journal;
    }
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s",
             journal != NULL && journal->sentence[0] != '\0' ? journal->sentence
                                                             : N_("Out of memory."));
    journal_close(journal);
    return NULL;
}

struct journal *journal_open(const char *path, const struct journal_account *account,
                             char sentence[JOURNAL_SENTENCE_MAX])
{
    return journal_open_patiently(path, account, NULL, sentence);
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) return;
    let_go(journal);
    forget_token(journal);
    lease_release(&journal->lease);
    free(journal->path);
    free(journal);
}
