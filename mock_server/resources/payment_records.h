/* Payments: what an event is read by, and what its record is called. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_PAYMENT_RECORDS_H
#define INVONCE_MOCK_SERVER_RESOURCES_PAYMENT_RECORDS_H

#include "protocol/wire/resource.h"

extern const struct resource PAYMENT;
enum payment_field {
    PAYMENT_EVENT_ID,
    PAYMENT_TYPE,
    PAYMENT_INVOICE_ID,
    PAYMENT_AMOUNT,
    PAYMENT_CURRENCY,
    PAYMENT_PAID_AT
};

/* Of an event of another type only its id and its type are our business. */
extern const struct resource OTHER_EVENT;

#endif
