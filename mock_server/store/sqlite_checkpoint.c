/* Moving what was committed from SQLite's log into its main file, away from the writer. */
#include "mock_server/store/sqlite_session.h"

/* Pages in the log before it is worth moving them, and past which the writer lends a hand: SQLite
 * starts the log anew only when nothing is left in it, which under load is never while the moving
 * is done beside the writing. */
#define WORTH_MOVING 8000
#define TOO_MANY     24000

bool store_maintenance_is_due(struct store_session *writing)
{
    return writing->wal_pages >= WORTH_MOVING;
}

void store_maintain(struct store_session *session)
{
    sqlite3_wal_checkpoint_v2(session->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

void store_maintain_writing(struct store_session *writing)
{
    if (writing->wal_pages >= TOO_MANY) {
        store_maintain(writing);
    }
}
