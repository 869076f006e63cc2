/* Marks a text for people, which a program may tell in another language; here all are English. */
#ifndef INVONCE_WIRE_MESSAGE_H
#define INVONCE_WIRE_MESSAGE_H

#define N_(text) text /* without parentheses: it may begin an array */

#endif
