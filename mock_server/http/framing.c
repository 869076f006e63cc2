#include "mock_server/http/framing.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* Beside letters and digits. */
#define TOKEN_CHARACTERS "-!#$%&'*+.^_`|~"     /* RFC 9110 section 5.6.2 */
#define HOST_CHARACTERS  "-._~%!$&'()*+,;=:[]" /* RFC 3986: reg-name, IP-literal and port */

#define DIGITS "0123456789"
#define BLANK  " \t"

/* The end of a line, which is NULs by now. */
#define LINE_END 2

static const struct framing_refusal REFUSALS[] = {
    [FRAMING_SOUND] = {0, ""},
    [FRAMING_REQUEST_LINE] = {400,
                              "The request line must be a method, a target and a version, with "
                              "one space between them, and end with CR LF."},
    [FRAMING_TARGET] = {400, "The request's target must be a path or an http URI, without blanks, "
                             "control characters and fragments."},
    [FRAMING_FIELD_LINE] = {400, "A header must stand on one line of its own, that ends with CR LF "
                                 "and holds no NUL."},
    [FRAMING_FIELD_NAME] = {400,
                            "A header's name must be a token (RFC 9110 section 5.6.2), and its "
                            "colon must follow at once."},
    [FRAMING_FIELD_VALUE] = {400, "A header's value holds a CR that ends no line."},
    [FRAMING_HOST] = {400, "The header Host must be there once, and name a host."},
    [FRAMING_LENGTH] = {400, "The header Content-Length must be there once, and be a number."},
    [FRAMING_BOTH] = {400, "The headers Content-Length and Transfer-Encoding exclude each other."},
    [FRAMING_CODING] = {501, "The one transfer coding known here is chunked."},
    [FRAMING_NOT_CHUNKED] = {400,
                             "The header Transfer-Encoding must be there once, as chunked with "
                             "nothing beside it, and not in version 1.0."},
    [FRAMING_AUTHORIZATION] = {400, "The header Authorization is there more than once."},
    [FRAMING_CONTENT_TYPE] = {400, "The header Content-Type is there more than once."},
};

static void note(struct framing *framing, enum framing_fault fault)
{
    if (framing->fault == FRAMING_SOUND) {
        framing->fault = fault;
    }
}

static void require(struct framing *framing, bool holds, enum framing_fault fault)
{
    if (!holds) {
        note(framing, fault);
    }
}

/* How far the text is letters, digits and those. */
static size_t span(const char *text, const char *others)
{
    size_t length = 0;
    for (char c = text[0]; c != '\0'; c = text[++length]) {
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && !strchr(others, c)) {
            break;
        }
    }
    return length;
}

static bool is_token(const char *text)
{
    return text[0] != '\0' && text[span(text, TOKEN_CHARACTERS)] == '\0';
}

static bool ends_after(const char *text, const char *characters)
{
    return text[strspn(text, characters)] == '\0';
}

/* Past "http://host:port" or "https://…"; NULL: the text doesn't start with it. */
static const char *past_authority(const char *text)
{
    size_t scheme = strncasecmp(text, "http://", 7) == 0    ? 7
                    : strncasecmp(text, "https://", 8) == 0 ? 8
                                                            : 0;
    const char *host = text + scheme;
    const char *end = host + strcspn(host, "/?");
    bool good = scheme > 0 && end > host && span(host, HOST_CHARACTERS) == (size_t)(end - host);
    return good ? end : NULL;
}

const char *framing_path(const char *target)
{
    return target[0] == '/' ? target : past_authority(target);
}

static bool is_target(const char *target, const char *method)
{
    for (const char *at = target; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7F || *at == '#') {
            return false;
        }
    }
    return framing_path(target) != NULL ||
           (strcmp(target, "*") == 0 && strcmp(method, "OPTIONS") == 0);
}

struct framing framing_begin(const char *method, const char *target, const char *came,
                             const char *version)
{
    struct framing framing = {
        .next = version + strlen(version) + LINE_END,
        .is_1_0 = strcmp(version, "HTTP/1.0") == 0,
    };
    require(&framing, is_token(method) && target == method + strlen(method) + 1,
            FRAMING_REQUEST_LINE);
    require(&framing, version == target + strlen(came) + 1, FRAMING_TARGET);
    require(&framing, is_target(came, method), FRAMING_TARGET);
    return framing;
}

/* Only "chunked", as it stands, is undone by libmicrohttpd; of what isn't, the last coding says
 * whether it can be told where the body ends (RFC 9112 section 6.3). */
static enum framing_fault judge_coding(const char *value)
{
    static const char CHUNKED[] = "chunked";
    if (strcasecmp(value, CHUNKED) == 0) {
        return FRAMING_SOUND;
    }
    bool unknown = false, chunked = false, chunked_before = false;
    for (const char *at = value + strspn(value, BLANK ","); *at != '\0';) {
        size_t length = strcspn(at, BLANK ",");
        chunked_before = chunked_before || chunked;
        chunked = length == sizeof CHUNKED - 1 && strncasecmp(at, CHUNKED, length) == 0;
        unknown = unknown || !chunked;
        at += length;
        at += strspn(at, BLANK ",");
    }
    return unknown && !chunked_before ? FRAMING_CODING : FRAMING_NOT_CHUNKED;
}

/* What tells where the request ends, whom it is for and from whom it is. */
enum field { OTHER, HOST, CONTENT_LENGTH, TRANSFER_ENCODING, AUTHORIZATION, CONTENT_TYPE };

static enum field field_of(const char *name, size_t length)
{
    static const struct {
        const char *name;
        size_t length;
    } NAMES[] = {
        [HOST] = {"Host", sizeof "Host" - 1},
        [CONTENT_LENGTH] = {"Content-Length", sizeof "Content-Length" - 1},
        [TRANSFER_ENCODING] = {"Transfer-Encoding", sizeof "Transfer-Encoding" - 1},
        [AUTHORIZATION] = {"Authorization", sizeof "Authorization" - 1},
        [CONTENT_TYPE] = {"Content-Type", sizeof "Content-Type" - 1},
    };
    size_t field = sizeof NAMES / sizeof NAMES[0] - 1;
    while (field > OTHER &&
           (NAMES[field].length != length || strcasecmp(NAMES[field].name, name) != 0)) {
        field--;
    }
    return (enum field)field;
}

/* How often it is there, and what it says. */
static void take_field(struct framing *framing, enum field field, const char *value)
{
    switch (field) {
    case OTHER:
        break;
    case HOST:
        require(framing, ends_after(value + span(value, HOST_CHARACTERS), BLANK), FRAMING_HOST);
        require(framing, framing->hosts++ == 0, FRAMING_HOST);
        break;
    case CONTENT_LENGTH:
        require(framing, ends_after(value, DIGITS), FRAMING_LENGTH);
        require(framing, framing->lengths++ == 0, FRAMING_LENGTH);
        break;
    case TRANSFER_ENCODING:
        framing->is_chunked = true;
        require(framing, framing->codings++ == 0 && !framing->is_1_0, FRAMING_NOT_CHUNKED);
        note(framing, judge_coding(value));
        break;
    case AUTHORIZATION:
        require(framing, framing->authorizations++ == 0, FRAMING_AUTHORIZATION);
        break;
    case CONTENT_TYPE:
        require(framing, framing->content_types++ == 0, FRAMING_CONTENT_TYPE);
        break;
    }
}

void framing_field(struct framing *framing, const char *name, const char *value)
{
    size_t length = span(name, TOKEN_CHARACTERS);
    require(framing, name == framing->next, FRAMING_FIELD_LINE);
    require(framing, length > 0 && name[length] == '\0', FRAMING_FIELD_NAME);
    require(framing, !strchr(value, '\r'), FRAMING_FIELD_VALUE);
    framing->next = value + strlen(value) + LINE_END;
    take_field(framing, field_of(name, length), value);
}

enum framing_fault framing_end(struct framing *framing, const char *end)
{
    require(framing, framing->next + LINE_END == end, FRAMING_FIELD_LINE);
    require(framing, framing->hosts > 0 || framing->is_1_0, FRAMING_HOST);
    require(framing, framing->lengths == 0 || framing->codings == 0, FRAMING_BOTH);
    return framing->fault;
}

struct framing_refusal framing_refusal(enum framing_fault fault)
{
    assert(fault != FRAMING_SOUND); /* what is sound isn't refused */
    return REFUSALS[fault];
}
