#include "tui/form/date_entry.h"

#include "tui/form/plain_character.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPED_MAX        16 /* of what may be a date */
#define DAYS_DIGITS_MAX  5  /* of "+30": two centuries and more */
#define YEAR_DIGITS      4
#define PART_DIGITS_MAX  2 /* of a day, a month, and a short year */
#define PARTS_MAX        3
#define COMPACT_DIGITS   8 /* of "20261231" */
#define MONTHS           12
#define DAYS_MAX         31 /* of a month */
#define CENTURY          100
#define SHORT_YEARS_SPAN 50 /* a short year is so near to this one */

struct readings {
    struct date *items;
    size_t count;
    bool holds_no_day; /* "31-11-27": a day that its month lacks is no year all of a sudden */
};

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static int digits_at(const char *text)
{
    return (int)strspn(text, "0123456789");
}

static bool is_same(struct date a, struct date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static void add(struct readings *readings, struct date date)
{
    bool known = false;
    for (size_t i = 0; i < readings->count; i++)
        known = known || is_same(readings->items[i], date);
    if (!known && readings->count < 2) readings->items[readings->count++] = date;
}

static bool read_offset(const char *typed, struct date from, struct date *date)
{
    if (!date_entry_counts(typed)) return false;
    int days = (int)strtol(typed + 1, NULL, 10);
    return date_add_days(from, typed[0] == '-' ? -days : days, date);
}

static bool is_before(struct date a, struct date b)
{
    if (a.year != b.year) return a.year < b.year;
    return a.month != b.month ? a.month < b.month : a.day < b.day;
}

static bool day_in_year(int year, int month, int day, struct date *date)
{
    char text[DATE_TEXT_SIZE + 16];
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return date_parse(text, date);
}

static void add_day(struct readings *readings, int year, int month, int day)
{
    struct date date;
    bool looks_like_one = month >= 1 && month <= MONTHS && day >= 1 && day <= DAYS_MAX;
    if (day_in_year(year, month, day, &date))
        add(readings, date);
    else if (looks_like_one)
        readings->holds_no_day = true;
}

/* Half a year and more away means that the year's end lies between. */
static int nearest_year(int month, struct date from)
{
    int months = month - from.month;
    return from.year + (months > 6 ? -1 : months < -6 ? 1 : 0);
}

/* A month and a day, of the year that is meant. */
static void add_day_of_some_year(struct readings *readings, const struct date_base *base,
                                 struct date from, int month, int day)
{
    struct date date;
    int year = base->later ? from.year : nearest_year(month, from);
    bool is_day = day_in_year(year, month, day, &date);
    if (base->later && (!is_day || is_before(date, from)))
        is_day = day_in_year(year + 1, month, day, &date);
    if (is_day) add(readings, date);
}

/* "26" is the year that ends so and is nearest to this one. */
static int whole_year(int year, struct date today)
{
    int whole = today.year / CENTURY * CENTURY + year;
    if (whole > today.year + SHORT_YEARS_SPAN) return whole - CENTURY;
    return whole < today.year - SHORT_YEARS_SPAN ? whole + CENTURY : whole;
}

/* Two or three numbers with one kind of separator between them. */
struct parts {
    int numbers[PARTS_MAX];
    int digits[PARTS_MAX];
    int count;
    char separator;
};

static bool split(const char *typed, struct parts *parts)
{
    *parts = (struct parts){0};
    while (parts->count < PARTS_MAX) {
        int digits = digits_at(typed);
        if (digits < 1 || digits > YEAR_DIGITS) return false;
        parts->digits[parts->count] = digits;
        parts->numbers[parts->count++] = (int)strtol(typed, NULL, 10);
        typed += digits;
        if (*typed == '\0') return parts->count > 1;
        if (!strchr("-/.", *typed)) return false;
        if (parts->separator && *typed != parts->separator) return false;
        parts->separator = *typed++;
        bool ends = *typed == '\0' && parts->separator == '.';
        if (ends) return parts->count == 2; /* "31.12." */
    }
    return false;
}

static bool is_short(const struct parts *parts, int part)
{
    return parts->digits[part] <= PART_DIGITS_MAX;
}

static void read_month_and_day(const struct parts *parts, const struct date_base *base,
                               struct date from, struct readings *readings)
{
    int first = parts->numbers[0], second = parts->numbers[1];
    bool day_first = base->day_first || parts->separator == '.';
    if (!is_short(parts, 0) || !is_short(parts, 1)) return;
    if (!day_first) add_day_of_some_year(readings, base, from, first, second);
    if (day_first || parts->separator == '-')
        add_day_of_some_year(readings, base, from, second, first);
}

/* A day, a month and a year, in each order that they may be in. */
static void read_day(const struct parts *parts, const struct date_base *base, struct date today,
                     struct readings *readings)
{
    const int *n = parts->numbers;
    bool year_first = parts->digits[0] == YEAR_DIGITS, year_last = parts->digits[2] == YEAR_DIGITS;
    if (!is_short(parts, 1) || (!year_first && !is_short(parts, 0)) ||
        (!year_last && !is_short(parts, 2)) || (year_first && year_last))
        return;
    if (year_first) {
        add_day(readings, n[0], n[1], n[2]);
        return;
    }
    bool short_year = !year_last, day_first = base->day_first || parts->separator == '.';
    int year = short_year ? whole_year(n[2], today) : n[2];
    if (short_year && parts->digits[2] != PART_DIGITS_MAX) return;
    bool any_order = parts->separator == '-' || !day_first;
    if (short_year && any_order && parts->digits[0] == PART_DIGITS_MAX)
        add_day(readings, whole_year(n[0], today), n[1], n[2]);
    if (!day_first) add_day(readings, year, n[0], n[1]);
    add_day(readings, year, n[1], n[0]);
}

/* "20261231" */
static void read_compact(const char *typed, struct readings *readings)
{
    int number = (int)strtol(typed, NULL, 10);
    add_day(readings, number / 10000, number / 100 % 100, number % 100);
}

/* In characters of ASCII, without blanks. False: there are others, or a blank parts a number. */
static bool make_plain(const char *typed, char plain[TYPED_MAX + 1])
{
    size_t length = 0, bytes;
    bool blank = false;
    for (char one = plain_character(typed, &bytes); one; one = plain_character(typed, &bytes)) {
        bool parts = blank && length > 0 && is_digit(plain[length - 1]) && is_digit(one);
        if (one == PLAIN_NONE || length == TYPED_MAX || parts) return false;
        blank = one == ' ';
        if (!blank) plain[length++] = one;
        typed += bytes;
    }
    plain[length] = '\0';
    return true;
}

static bool is_today(const char *plain)
{
    return strcmp(plain, "t") == 0 || strcmp(plain, "T") == 0;
}

static void read_plain(const char *plain, const struct date_base *base, struct readings *readings)
{
    struct date today, from, date;
    struct parts parts;
    bool is_split = split(plain, &parts);
    if (date_parse(plain, &date)) add(readings, date);
    if (readings->count > 0 || !date_parse(base->today, &today)) return;
    if (!base->from || !date_parse(base->from, &from)) from = today;
    if (is_today(plain))
        add(readings, today);
    else if (read_offset(plain, from, &date))
        add(readings, date);
    else if (digits_at(plain) == COMPACT_DIGITS && plain[COMPACT_DIGITS] == '\0')
        read_compact(plain, readings);
    else if (is_split && parts.count == PARTS_MAX)
        read_day(&parts, base, today, readings);
    else if (is_split)
        read_month_and_day(&parts, base, from, readings);
}

size_t date_entry_readings(const char *typed, const struct date_base *base, struct date readings[2])
{
    char plain[TYPED_MAX + 1];
    struct readings found = {.items = readings};
    if (make_plain(typed, plain)) read_plain(plain, base, &found);
    return found.holds_no_day ? 0 : found.count;
}

bool date_entry_read(const char *typed, const struct date_base *base, struct date *date)
{
    struct date readings[2];
    if (date_entry_readings(typed, base, readings) != 1) return false;
    *date = readings[0];
    return true;
}

bool date_entry_counts(const char *typed)
{
    char plain[TYPED_MAX + 1];
    if (!make_plain(typed, plain) || (plain[0] != '+' && plain[0] != '-')) return false;
    int digits = digits_at(plain + 1);
    return digits >= 1 && digits <= DAYS_DIGITS_MAX && plain[1 + digits] == '\0';
}
