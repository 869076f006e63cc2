#include "tests/support/order.h"

static const struct field ITEMS[] = {
    {"item", NULL, "The item", FIELD_TEXT, FIELD_REQUIRED, 100, .label = "Item"},
    {"count", NULL, "The count", FIELD_DECIMAL, FIELD_REQUIRED, .range = RANGE_POSITIVE,
     .out_of_range = "%s is not above zero; leave the line out.", .form = "write it as 3.",
     .example = "3", .label = "Count"},
};

static const struct field ORDER_FIELDS[] = {
    {"reference", NULL, "The reference", FIELD_TEXT, FIELD_REQUIRED, 40, .label = "Reference"},
    {"email", NULL, "The e-mail", FIELD_EMAIL, FIELD_REQUIRED, 254, .label = "E-mail"},
    {"date", NULL, "The date", FIELD_DATE, FIELD_REQUIRED, .label = "Date"},
    {"items", NULL, "The list of items", FIELD_ROWS, FIELD_REQUIRED, 50, .columns = FIELDS(ITEMS),
     .label = "Items"},
};

static const struct unique_rule ORDER_UNIQUE[] = {
    {.name = "reference",
     .parts = {{"reference", NULL, AS_FOLDED}},
     .slug = "order-reference-taken",
     .title = "Order reference taken",
     .taken = "This order is there already. We kept the first one.",
     .advice = "Nothing that you typed is lost: change the reference if this is another order."},
};

const struct resource ORDER =
    RESOURCE(ORDER_FIELDS, ORDER_UNIQUE, .name = "order", .path = "/v1/orders", .id_prefix = "ord_",
             .not_an_object = "An order must be an object, not %s.");
