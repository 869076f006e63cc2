/* What is posted of a delivery: a body, and the lines of its head. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_LETTER_H
#define INVONCE_MOCK_SERVER_DELIVERIES_LETTER_H

#include "mock_server/deliveries/receiver.h"
#include "mock_server/store/store.h"

#define LETTER_LINES 6

/* All zeros is none. */
struct letter {
    char *body; /* taken by who posts it, who leaves NULL here */
    size_t length;
    char *lines[LETTER_LINES + 1]; /* NULL-ended */
};

/* `data`: the record, as JSON. False: out of memory; it is to be cleared all the same. */
bool letter_write(struct letter *letter, const struct receiver *receiver,
                  const struct store_delivery *delivery, const char *data);
void letter_clear(struct letter *letter);

#endif
