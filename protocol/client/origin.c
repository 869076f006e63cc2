#include "protocol/client/origin.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Copies one part of the URL, in lower case. False when it is absent or doesn't fit. */
static bool copy_part(CURLU *url, CURLUPart part, unsigned flags, char *text, size_t size)
{
    char *value = NULL;
    if (curl_url_get(url, part, &value, flags) != CURLUE_OK) return false;
    size_t length = strlen(value);
    bool fits = length < size;
    for (size_t i = 0; fits && i <= length; i++)
        text[i] = value[i] >= 'A' && value[i] <= 'Z' ? (char)(value[i] - 'A' + 'a') : value[i];
    curl_free(value);
    return fits;
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *value = NULL;
    bool has = curl_url_get(url, part, &value, 0) == CURLUE_OK;
    curl_free(value);
    return has;
}

static bool is_loopback(const char *host)
{
    struct in_addr ipv4;
    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0) return true;
    return inet_pton(AF_INET, host, &ipv4) == 1 && ntohl(ipv4.s_addr) >> 24 == 127;
}

static bool fill_origin(CURLU *url, struct origin *origin)
{
    char scheme[8], host[256], port[8] = "";
    if (!copy_part(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) ||
        !copy_part(url, CURLUPART_HOST, 0, host, sizeof host))
        return false;
    if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD)) return false;
    copy_part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT, port, sizeof port);
    origin->encrypted = strcmp(scheme, "https") == 0;
    if (!origin->encrypted && strcmp(scheme, "http") != 0) return false;
    origin->loopback = is_loopback(host);
    int length = snprintf(origin->text, sizeof origin->text, "%s://%s%s%s", scheme, host,
                          *port != '\0' ? ":" : "", port);
    return length > 0 && (size_t)length < sizeof origin->text;
}

static bool is_bare(CURLU *url)
{
    char path[4];
    if (!copy_part(url, CURLUPART_PATH, 0, path, sizeof path) || strcmp(path, "/") != 0)
        return false;
    return !has_part(url, CURLUPART_QUERY) && !has_part(url, CURLUPART_FRAGMENT);
}

static bool take_apart(const char *text, bool bare, struct origin *origin)
{
    CURLU *url = curl_url();
    bool good = url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                (!bare || is_bare(url)) && fill_origin(url, origin);
    curl_url_cleanup(url);
    return good;
}

/* An escaped host may be another one when it is written out: "%30" is "0", which is 0.0.0.0. */
static bool read_url(const char *text, bool bare, struct origin *origin)
{
    struct origin again;
    return take_apart(text, bare, origin) && take_apart(origin->text, true, &again) &&
           strcmp(origin->text, again.text) == 0;
}

bool origin_read(const char *server, struct origin *origin)
{
    return read_url(server, true, origin);
}

bool origin_of_url(const char *url, struct origin *origin)
{
    return read_url(url, false, origin);
}
