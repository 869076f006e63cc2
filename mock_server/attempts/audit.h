/* The audit trail: every attempt to create, whatever came of it. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_AUDIT_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_AUDIT_H

#include "mock_server/engine/outcome.h"
#include "mock_server/engine/writer.h"
#include "mock_server/store/store.h"

#include "protocol/wire/json.h"
#include <stdbool.h>

/* Entries of attempts that were answered before their entry was written are counted from
 * audit_entry_queued to audit_entry_written. */
void audit_entry_queued(void);
void audit_entry_written(void);

/* True when entries wait, so that a reader must wait for the writer before it reads. */
bool audit_entries_wait(void);

/* True when so many wait that attempts should wait for theirs before they are answered. */
bool audit_is_behind(void);

/* Tells the log and the streams of an entry that was written (or, with seq 0, could not be). */
void audit_tell(const struct store_audit_entry *entry);

/* One entry as the API shows it. New reference, NULL: out of memory. */
struct json *audit_entry_to_json(const struct store_audit_entry *entry);

#endif
