#include "tests/lab/conform/witness.h"

#include "tests/support/support.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>

#define ON_ITS_WAY_MS 1000 /* the news of an end */

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static curl_socket_t connect_to(CURL *curl)
{
    curl_socket_t found = CURL_SOCKET_BAD;
    if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &found);
    return found;
}

/* One request is answered, so that the connection is the server's and not only its kernel's; a
 * server that ends the connection then has another one, on which nothing is asked. */
void witness_open(struct witness *witness, const struct run_settings *settings)
{
    CURL *curl = curl_easy_init();
    if (!curl) support_die("out of memory");
    curl_easy_setopt(curl, CURLOPT_URL, settings->url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)settings->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    if (settings->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
    curl_socket_t found = connect_to(curl);
    if (found == CURL_SOCKET_BAD) {
        curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
        found = connect_to(curl);
    }
    *witness = (struct witness){.curl = curl, .socket = (int)found};
}

bool witness_saw_an_end(const struct witness *witness)
{
    struct pollfd end = {.fd = witness->socket, .events = POLLRDHUP};
    return witness->socket >= 0 && poll(&end, 1, ON_ITS_WAY_MS) > 0;
}

void witness_close(struct witness *witness)
{
    curl_easy_cleanup(witness->curl);
    *witness = (struct witness){.socket = -1};
}
