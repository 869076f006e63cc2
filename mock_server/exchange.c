#include "mock_server/exchange.h"

#include "protocol/wire/text.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

const char *exchange_header(struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int lower = tolower((unsigned char)c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char *exchange_decode(const char *text, size_t length, bool plus)
{
    char *decoded = malloc(length + 1);
    size_t out = 0;
    bool ok = decoded != NULL;
    for (size_t i = 0; ok && i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            ok = low >= 0;
            c = ok ? (char)(high * 16 + low) : '\0';
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        ok = ok && c != '\0';
        decoded[out++] = c;
    }
    if (!ok || !text_is_utf8(decoded, out)) {
        free(decoded);
        return NULL;
    }
    decoded[out] = '\0';
    return decoded;
}

/* Decodes NAME=VALUE in place: decoded text is never longer. */
static bool read_parameter(struct exchange *exchange, char *pair)
{
    if (exchange->parameter_count == EXCHANGE_QUERY_MAX) {
        return false;
    }
    char *value = strchr(pair, '=');
    if (value) {
        *value++ = '\0';
    } else {
        value = pair + strlen(pair);
    }
    char *parts[] = {pair, value};
    for (size_t i = 0; i < 2; i++) {
        char *decoded = exchange_decode(parts[i], strlen(parts[i]), true);
        if (!decoded) {
            return false;
        }
        memcpy(parts[i], decoded, strlen(decoded) + 1);
        free(decoded);
    }
    exchange->parameters[exchange->parameter_count++] = (struct query_parameter){pair, value};
    return true;
}

static bool read_query(struct exchange *exchange)
{
    char *rest = exchange->query, *pair = NULL;
    while (rest && (pair = strsep(&rest, "&"))) {
        if (pair[0] != '\0' && !read_parameter(exchange, pair)) {
            return false;
        }
    }
    return true;
}

const char *exchange_parameter(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        if (strcmp(exchange->parameters[i].name, name) == 0) {
            return exchange->parameters[i].value[0] ? exchange->parameters[i].value : NULL;
        }
    }
    return NULL;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

bool exchange_check_query(struct exchange *exchange, const char *const *names)
{
    if (!read_query(exchange)) {
        reply_problem(&exchange->reply, PROBLEM_INVALID_PARAMETER,
                      "The query cannot be read: it has a bad percent escape, text that is not "
                      "UTF-8, or too many parameters.");
        return false;
    }
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        const char *name = exchange->parameters[i].name;
        bool again = false;
        for (size_t j = 0; j < i; j++) {
            again = again || strcmp(exchange->parameters[j].name, name) == 0;
        }
        if (again || !is_among(name, names)) {
            reply_problem(&exchange->reply, PROBLEM_INVALID_PARAMETER, "The parameter %.100s %s.",
                          name, again ? "is there twice" : "is unknown here");
            return false;
        }
    }
    return true;
}

static atomic_size_t suspended;

void exchange_pause_body(struct exchange *exchange)
{
    atomic_fetch_add(&suspended, 1);
    MHD_suspend_connection(exchange->connection);
}

void exchange_resume_body(struct exchange *exchange)
{
    MHD_resume_connection(exchange->connection);
    atomic_fetch_sub(&suspended, 1);
}

void exchange_suspend(struct exchange *exchange, void (*then)(struct exchange *exchange))
{
    exchange->then = then;
    exchange_pause_body(exchange);
}

void exchange_resume(struct exchange *exchange)
{
    exchange_resume_body(exchange);
}

bool exchange_is_suspended(const struct exchange *exchange)
{
    return exchange->then != NULL;
}

size_t exchange_suspended_count(void)
{
    return atomic_load(&suspended);
}
