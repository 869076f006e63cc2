/* Customers as the store keeps them: their JSON, claimed by e-mail, completed from e-mail and name.
 */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_CUSTOMER_RECORDS_H
#define INVONCE_MOCK_SERVER_RESOURCES_CUSTOMER_RECORDS_H

#include "mock_server/store/store.h"
#include "protocol/wire/resource.h"

extern const struct resource CUSTOMER;
enum customer_field { CUSTOMER_EMAIL, CUSTOMER_NAME, CUSTOMER_PHONE };

struct customer {
    const char *tenant;
    int64_t id;
    const char *email, *email_key; /* as sent, and as claimed */
    const char *name, *phone;      /* NULL: none */
    int64_t created_at;
    const char *created_by;
};

/* The id of the customer that has the e-mail, or of the one that stands for it. */
enum store_status customer_holder(struct store_session *session, const char *tenant,
                                  const char *email_key, int64_t *id);

/* The same, or the next one for STORE_ABSENT. */
enum store_status customer_choose_id(struct store_session *session, const char *tenant,
                                     const char *email_key, int64_t *id);

/* Adds it, with its id; its JSON is the caller's. STORE_TAKEN: *holder has that e-mail. */
enum store_status customer_insert(struct store_session *session, const struct customer *customer,
                                  int64_t *holder, char **json);

/* Gives the one of that id the name and the phone where they aren't NULL; what it is then. */
enum store_status customer_update(struct store_session *session, const struct customer *customer,
                                  char **json);

#endif
