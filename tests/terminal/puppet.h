/* A server that says what a test puts in its mouth, to every request, over and over. */
#ifndef INVONCE_TESTS_TERMINAL_PUPPET_H
#define INVONCE_TESTS_TERMINAL_PUPPET_H

struct puppet;

/* Answers each POST, once its body is read, with `status` ("201 Created"), the media type and the
 * body; a GET with 404. Texts are borrowed. Never NULL. */
struct puppet *puppet_start(const char *status, const char *media_type, const char *body);

/* A GET of a path that begins like this is answered with 200 and JSON. Before the first request;
 * texts are borrowed. */
void puppet_answer_get(struct puppet *puppet, const char *path, const char *body);

/* The same with that status ("403 Forbidden") and nothing in it. */
void puppet_refuse_get(struct puppet *puppet, const char *path, const char *status);

/* Each POST from now on is answered so. Texts are borrowed. */
void puppet_say(struct puppet *puppet, const char *status, const char *media_type,
                const char *body);

/* http://127.0.0.1:PORT */
const char *puppet_url(const struct puppet *puppet);

/* How many POSTs were answered up to now. */
int puppet_posts(struct puppet *puppet);

void puppet_stop(struct puppet *puppet);

#endif
