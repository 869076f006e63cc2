/* Whose intents the journal is opened for: a token until the server has said which tenant's it is,
 * then the tenant. */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"

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
    journal_done_with(statement);
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

/* No tenant's account looks like a credential: it has a blank in it. */
void journal_account_name(struct journal *journal, const char *tenant)
{
    snprintf(journal->account, sizeof journal->account, "%s %s", journal->server, tenant);
}

static void read_account(struct journal *journal)
{
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_FIND_TENANT, "t", journal->credential);
    if (statement == NULL) return;
    if (sqlite3_step(statement) == SQLITE_ROW)
        journal_account_name(journal, journal_column_text(statement, 0));
    journal_done_with(statement);
}

const char *journal_tenant(const struct journal *journal)
{
    const char *blank = strchr(journal->account, ' ');
    return blank != NULL ? blank + 1 : NULL;
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
