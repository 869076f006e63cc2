/* What libcurl knows of a transfer that ended: its headers as a reply has them, its error in words.
 */
#ifndef INVONCE_CLIENT_COURIER_REPLY_H
#define INVONCE_CLIENT_COURIER_REPLY_H

#include "protocol/client/reply.h"

#include <curl/curl.h>
#include <stdbool.h>

#define COURIER_MEDIA_TYPE_SIZE 64

/* Fills status, media_type (kept in `media_type`), replayed and retry_after_ms. A header that is
 * there twice, where one is meant, counts as absent. */
void courier_reply_headers(CURL *easy, struct reply *reply,
                           char media_type[COURIER_MEDIA_TYPE_SIZE]);

/* Why no whole answer came: a few plain words for a status line. Static. */
const char *courier_reply_words(CURL *easy, CURLcode result, bool sent);

#endif
