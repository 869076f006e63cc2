/* Amounts and dates as people type and paste them, and what each is read as: the one table for the
 * readers and for the real form. Today is 2026-11-22. */
#ifndef INVONCE_TESTS_TERMINAL_NOTATIONS_H
#define INVONCE_TESTS_TERMINAL_NOTATIONS_H

#include <stddef.h>

enum notation_language { NOTATION_EN = 1, NOTATION_PT = 2, NOTATION_ANY = 3 };

struct notation {
    enum notation_language language;
    const char *typed;
    const char *read;  /* NULL: refused */
    const char *other; /* refused, as it can be read so as well */
};

#define NOTATIONS_TODAY "2026-11-22"

/* Of a unit price in EUR. */
static const struct notation notations_of_amounts[] = {
    {NOTATION_ANY, "12", "12", NULL},
    {NOTATION_ANY, "12.50", "12.50", NULL},
    {NOTATION_ANY, "12,5", "12.5", NULL},
    {NOTATION_ANY, "12,50", "12.50", NULL},
    {NOTATION_ANY, "1.234,56", "1234.56", NULL},
    {NOTATION_ANY, "1,234.56", "1234.56", NULL},
    {NOTATION_ANY, "1 234.56", "1234.56", NULL},
    {NOTATION_ANY, "1 234,56", "1234.56", NULL},
    {NOTATION_ANY, "1\u00A0234,56", "1234.56", NULL},
    {NOTATION_ANY, "1\u202F234,56", "1234.56", NULL},
    {NOTATION_ANY, "1'234.56", "1234.56", NULL},
    {NOTATION_ANY, "1\u2019234.56", "1234.56", NULL},
    {NOTATION_ANY, "1.234.567", "1234567", NULL},
    {NOTATION_ANY, "1,234,567.8", "1234567.8", NULL},
    {NOTATION_ANY, "\u20AC 120", "120", NULL},
    {NOTATION_ANY, "120,00 \u20AC", "120.00", NULL},
    {NOTATION_ANY, "EUR 1.234,50", "1234.50", NULL},
    {NOTATION_ANY, ".5", "0.5", NULL},
    {NOTATION_ANY, ",5", "0.5", NULL},
    {NOTATION_ANY, "120.", "120", NULL},
    {NOTATION_ANY, "+5", "5", NULL},
    {NOTATION_ANY, "007.50", "7.50", NULL},
    {NOTATION_ANY, "\uFF11\uFF12\uFF0C\uFF15", "12.5", NULL},
    {NOTATION_ANY, "\uFF11\uFF12\uFF0E\uFF15\uFF10", "12.50", NULL},
    {NOTATION_ANY, "0,125", "0.125", NULL},
    {NOTATION_ANY, "1234,5", "1234.5", NULL},
    {NOTATION_ANY, "1234,567", "1234.567", NULL},
    {NOTATION_ANY, "0.125", "0.125", NULL},
    {NOTATION_ANY, "3*12.50+1", "38.50", NULL},
    {NOTATION_ANY, "3 \u00D7 12,50 \u2212 0,5", "37.00", NULL},
    {NOTATION_EN, "1,234", "1.234", "1234"},
    {NOTATION_PT, "1,234", "1.2340", "1234"},
    {NOTATION_EN, "1.234", "1.234", NULL},
    {NOTATION_PT, "1.234", "1.2340", "1234"},
    {NOTATION_EN, "2*1,234", "2.468", "2468"},
    {NOTATION_ANY, "12 34", NULL, NULL},
    {NOTATION_ANY, "1,23.4", NULL, NULL},
    {NOTATION_ANY, "1.2.3", NULL, NULL},
    {NOTATION_ANY, "$ 120", NULL, NULL},
    {NOTATION_ANY, "12a", NULL, NULL},
    {NOTATION_ANY, "3*", NULL, NULL},
};

/* Of a due date, the issue date being today. */
static const struct notation notations_of_dates[] = {
    {NOTATION_ANY, "2026-12-31", "2026-12-31", NULL},
    {NOTATION_ANY, "2027-2-9", "2027-02-09", NULL},
    {NOTATION_ANY, "20261231", "2026-12-31", NULL},
    {NOTATION_ANY, "2026/12/31", "2026-12-31", NULL},
    {NOTATION_ANY, "2026.12.31", "2026-12-31", NULL},
    {NOTATION_ANY, "31.12.2026", "2026-12-31", NULL},
    {NOTATION_ANY, "1.2.2027", "2027-02-01", NULL},
    {NOTATION_ANY, "01.02.2027", "2027-02-01", NULL},
    {NOTATION_ANY, "31.12.", "2026-12-31", NULL},
    {NOTATION_ANY, "31.12", "2026-12-31", NULL},
    {NOTATION_ANY, "1.2.", "2027-02-01", NULL},
    {NOTATION_ANY, "31.12.26", "2026-12-31", NULL},
    {NOTATION_ANY, "31. 12. 26", "2026-12-31", NULL},
    {NOTATION_ANY, "31/12/2026", "2026-12-31", NULL},
    {NOTATION_ANY, "31-12-2026", "2026-12-31", NULL},
    {NOTATION_ANY, "31/12/99", "1999-12-31", NULL},
    {NOTATION_ANY, "t", "2026-11-22", NULL},
    {NOTATION_ANY, "T", "2026-11-22", NULL},
    {NOTATION_ANY, "+30", "2026-12-22", NULL},
    {NOTATION_ANY, "+0", "2026-11-22", NULL},
    {NOTATION_ANY, "\uFF0B\uFF13\uFF10", "2026-12-22", NULL},
    {NOTATION_ANY, "\uFF12\uFF10\uFF12\uFF16-12-31", "2026-12-31", NULL},
    {NOTATION_ANY, "2026\u201312\u201331", "2026-12-31", NULL},
    {NOTATION_EN, "12/24", "2026-12-24", NULL},
    {NOTATION_EN, "1/6", "2027-01-06", NULL},
    {NOTATION_EN, "11/22", "2026-11-22", NULL},
    {NOTATION_EN, "31/12", NULL, NULL},
    {NOTATION_EN, "12/31/2026", "2026-12-31", NULL},
    {NOTATION_EN, "3/4/2027", "2027-03-04", "2027-04-03"},
    {NOTATION_EN, "5/5/2027", "2027-05-05", NULL},
    {NOTATION_EN, "3-4-2027", "2027-03-04", "2027-04-03"},
    {NOTATION_EN, "12-24", "2026-12-24", NULL},
    {NOTATION_EN, "40-02-28", "2040-02-28", NULL},
    {NOTATION_EN, "27-11-28", "2027-11-28", "2028-11-27"},
    {NOTATION_PT, "31/12", "2026-12-31", NULL},
    {NOTATION_PT, "6/1", "2027-01-06", NULL},
    {NOTATION_PT, "12/24", NULL, NULL},
    {NOTATION_PT, "3/4/2027", "2027-04-03", NULL},
    {NOTATION_PT, "3-4-2027", "2027-04-03", NULL},
    {NOTATION_PT, "12/31/2026", NULL, NULL},
    {NOTATION_PT, "31/12/26", "2026-12-31", NULL},
    {NOTATION_ANY, "2026-02-30", NULL, NULL},
    {NOTATION_ANY, "30.2.2027", NULL, NULL},
    {NOTATION_ANY, "20261301", NULL, NULL},
    {NOTATION_ANY, "2026-12", NULL, NULL},
    {NOTATION_ANY, "2026.12/31", NULL, NULL},
    {NOTATION_ANY, "+", NULL, NULL},
    {NOTATION_ANY, "+30x", NULL, NULL},
    {NOTATION_ANY, "31", NULL, NULL},
};

#endif
