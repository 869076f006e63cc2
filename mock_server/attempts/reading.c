#include "mock_server/attempts/reading.h"

#include "mock_server/http/exchange.h"
#include "mock_server/http/route.h"

void reading_begin(struct exchange *exchange)
{
    struct reading reading = {exchange, exchange->route->resource, exchange->who->tenant,
                              exchange->parameter, &exchange->reply};
    exchange->route->read(&reading);
}

bool reading_check_query(struct reading *reading, const char *const *names)
{
    return exchange_check_query(reading->exchange, names);
}

bool reading_number(struct reading *reading, const char *name, int64_t min, int64_t max,
                    int64_t *number)
{
    return exchange_read_number(reading->exchange, name, reading_parameter(reading, name), min, max,
                                number);
}

const char *reading_parameter(const struct reading *reading, const char *name)
{
    return exchange_parameter(reading->exchange, name);
}
