/* The records that are listed under others: payments of an invoice, invoices of a customer. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_CHILDREN_H
#define INVONCE_MOCK_SERVER_DUPLICATES_CHILDREN_H

#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/record.h"

/* All of one kind that are listed under the record, merged ones too. False: failed. */
bool children_gather(struct store_session *session, const char *tenant, const struct kept *kind,
                     int64_t parent, struct record_list *list);

/* Lists it under another record, to which it refers from now on; it says for which one it was made,
 * where that is another. `json`: as it is now. */
bool children_move(struct store_session *session, const char *tenant, const struct kept *kind,
                   int64_t id, const char *json, int64_t to, int64_t made_for);

/* The record that it was made for. 0: that can't be told. */
int64_t children_made_for(struct store_session *session, const char *tenant,
                          const struct kept *kind, int64_t id);

/* How many the record has, of all kinds. False: failed. */
bool children_count(struct store_session *session, const char *tenant,
                    const struct resource *resource, int64_t parent, size_t *count);

#endif
