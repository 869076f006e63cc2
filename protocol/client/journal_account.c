/* Whose intents the journal is opened for: a token until the server has said which tenant's it is,
 * then the tenant. */
#include "protocol/client/journal_file.h"
#include "protocol/client/journal_inside.h"
#include "protocol/wire/message.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_secret(struct journal *journal, unsigned char secret[JOURNAL_SECRET_SIZE])
{
    sqlite3_stmt *statement = journal_bound(journal, JOURNAL_DO_READ_SECRET, "");
    bool good = statement != NULL && sqlite3_step(statement) == SQLITE_ROW &&
                sqlite3_column_bytes(statement, 0) == JOURNAL_SECRET_SIZE;
    if (good) memcpy(secret, sqlite3_column_blob(statement, 0), JOURNAL_SECRET_SIZE);
    if (statement != NULL) journal_done_with(statement);
    return good;
}

static bool hash_credential(struct journal *journal, const char *token)
{
    unsigned char secret[JOURNAL_SECRET_SIZE], hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    char *named = NULL;
    if (!read_secret(journal, secret)) {
        journal_failed(journal);
        return false;
    }
    if (asprintf(&named, "%s\n%s", journal->server, token != NULL ? token : "") < 0) return false;
    bool hashed = HMAC(EVP_sha256(), secret, sizeof secret, (const unsigned char *)named,
                       strlen(named), hash, &length) != NULL;
    OPENSSL_cleanse(named, strlen(named));
    free(named);
    for (unsigned i = 0; hashed && i < length; i++)
        snprintf(journal->credential + (size_t)2 * i, 3, "%02x", hash[i]);
    return hashed;
}

/* No tenant's account looks like a credential: it begins with a scheme. While this process sees to
 * an intent that couldn't follow (its number is held by the tenant's), the account stays. */
static void read_account(struct journal *journal)
{
    sqlite3_stmt *statement = journal_bound(journal, JOURNAL_DO_FIND_TENANT, "ti",
                                            journal->credential, journal->lease.owner);
    if (statement == NULL) return;
    if (sqlite3_step(statement) == SQLITE_ROW)
        snprintf(journal->account, sizeof journal->account, "%s %s", journal->server,
                 journal_column_text(statement, 0));
    journal_done_with(statement);
}

void journal_account_refresh(struct journal *journal)
{
    if (strcmp(journal->account, journal->credential) == 0) read_account(journal);
}

bool journal_account_read(struct journal *journal, const char *token)
{
    if (!hash_credential(journal, token)) return false;
    snprintf(journal->account, sizeof journal->account, "%s", journal->credential);
    read_account(journal);
    return true;
}

static enum journal_status carry_out(struct journal *journal, sqlite3_stmt *statement)
{
    return journal_carried_out(statement) ? JOURNAL_OK : journal_failed(journal);
}

static enum journal_status move_to(struct journal *journal, const char *tenant)
{
    char account[JOURNAL_ACCOUNT_SIZE];
    snprintf(account, sizeof account, "%s %s", journal->server, tenant);
    enum journal_status status =
        carry_out(journal, journal_bound(journal, JOURNAL_DO_SET_TENANT, "ttt", journal->credential,
                                         journal->server, tenant));
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_MOVE_INTENTS, "tt", account,
                                                  journal->credential));
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_MOVE_RUNS, "tt", account,
                                                  journal->credential));
    return status;
}

enum journal_status journal_identify(struct journal *journal, const char *tenant)
{
    size_t length = strlen(tenant);
    if (length == 0 || length > JOURNAL_TENANT_MAX) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("The server names no tenant, or one that is too long."));
        return JOURNAL_FAILED;
    }
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = move_to(journal, tenant);
    status = journal_end(journal, status);
    if (status == JOURNAL_OK) read_account(journal);
    journal->identified = status == JOURNAL_OK;
    return status;
}

enum journal_certainty journal_certainty(const struct journal *journal)
{
    if (journal->identified) return JOURNAL_TOLD;
    return strcmp(journal->account, journal->credential) == 0 ? JOURNAL_UNTOLD : JOURNAL_REMEMBERED;
}
