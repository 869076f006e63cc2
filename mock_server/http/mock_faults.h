/* /_mock/faults: the rules in force. */
#ifndef INVONCE_MOCK_SERVER_HTTP_MOCK_FAULTS_H
#define INVONCE_MOCK_SERVER_HTTP_MOCK_FAULTS_H

#include "mock_server/http/exchange.h"

void mock_faults_get(struct exchange *exchange);
void mock_faults_put(struct exchange *exchange);
void mock_faults_delete(struct exchange *exchange);

#endif
