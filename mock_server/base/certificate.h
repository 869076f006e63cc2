/* The certificate and the key of a server that speaks TLS: read, and found to go together. */
#ifndef INVONCE_MOCK_SERVER_BASE_CERTIFICATE_H
#define INVONCE_MOCK_SERVER_BASE_CERTIFICATE_H

/* PEM texts; all zeros: no TLS. To be cleared. */
struct certificate {
    char *chain, *key;
};

/* NULL when all is well; else a sentence that names the option and the file, owned by the caller.
 */
char *certificate_read(struct certificate *certificate, const char *chain_file,
                       const char *key_file);
void certificate_clear(struct certificate *certificate);

#endif
