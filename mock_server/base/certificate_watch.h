/* Says in the log what clients will hold against the certificate: at the start, and once a day. */
#ifndef INVONCE_MOCK_SERVER_BASE_CERTIFICATE_WATCH_H
#define INVONCE_MOCK_SERVER_BASE_CERTIFICATE_WATCH_H

/* `chain` is PEM that can be read, and outlives the timers. After log_start and timers_start. */
void certificate_watch(const char *chain);

#endif
