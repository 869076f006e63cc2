/* Several hundred texts, here and in json_scan_strings_test: values, what holds them and what is
 * none. What the scan lets through, cJSON reads; what cJSON would read as well but RFC 8259 does
 * not allow never comes to it. */
#include "tests/unit/json_texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row VALUES_ALONE[] = {
    {BYTES("{}"), SOUND, "the smallest object"},
    {BYTES("[]"), SOUND, "the smallest array"},
    {BYTES("\"\""), SOUND, "an empty text"},
    {BYTES("0"), SOUND, "RFC 8259 allows any value at the top"},
    {BYTES("null"), SOUND, "so"},
    {BYTES("true"), SOUND, "so"},
    {BYTES("false"), SOUND, "so"},
    {BYTES("\"a\""), SOUND, "so"},
    {BYTES("-1"), SOUND, "so"},
    {BYTES("[[]]"), SOUND, "in each other"},
    {BYTES("[{}]"), SOUND, "in each other"},
    {BYTES("{\"a\":{}}"), SOUND, "in each other"},
    {BYTES("{\"\":0}"), SOUND, "a name may be empty"},
    {BYTES("[1,2]"), SOUND, "items"},
    {BYTES("{\"a\":1,\"b\":2}"), SOUND, "members"},
    {BYTES("[null,true,false,0,\"\",[],{}]"), SOUND, "one of each"},
    {BYTES(""), EARLY, "nothing"},
    {BYTES(" "), EARLY, "blanks alone"},
    {BYTES("\x0A\x09\x0D "), EARLY, "blanks alone"},
    {BYTES("{"), EARLY, "open"},
    {BYTES("["), EARLY, "open"},
    {BYTES("\""), EARLY, "open"},
    {BYTES("{\"a\""), EARLY, "open"},
    {BYTES("{\"a\":"), EARLY, "open"},
    {BYTES("{\"a\":1"), EARLY, "open"},
    {BYTES("{\"a\":1,"), EARLY, "open"},
    {BYTES("[1"), EARLY, "open"},
    {BYTES("[1,"), EARLY, "open"},
    {BYTES("[[]"), EARLY, "open"},
    {BYTES("{\"a\":{}"), EARLY, "open"},
    {BYTES("\"a"), EARLY, "open"},
    {BYTES("\"a\\"), EARLY, "an escape is open"},
    {BYTES("\"a\\u"), EARLY, "an escape is cut"},
    {BYTES("\"a\\u12"), EARLY, "an escape is cut"},
    {BYTES("\"a\\q"), NOT_JSON, "no escape, however it goes on"},
    {BYTES("-"), EARLY, "a sign alone"},
    {BYTES("1."), EARLY, "no fraction"},
    {BYTES("1e"), EARLY, "no exponent"},
    {BYTES("1e+"), EARLY, "no exponent"},
    {BYTES("t"), EARLY, "a word is cut"},
    {BYTES("tru"), EARLY, "a word is cut"},
    {BYTES("fals"), EARLY, "a word is cut"},
    {BYTES("nul"), EARLY, "a word is cut"},
};

static const struct row BLANKS[] = {
    {BYTES(" {} "), SOUND, "around"},
    {BYTES("\x09[\x09"
           "1\x09,\x09"
           "2\x09]\x09"),
     SOUND, "between"},
    {BYTES("\x0A{\x0A\"a\"\x0A:\x0A"
           "1\x0A}\x0A"),
     SOUND, "between"},
    {BYTES("\x0D[\x0D]\x0D"), SOUND, "a carriage return is one"},
    {BYTES("{ }"), SOUND, "in nothing"},
    {BYTES("[ ]"), SOUND, "in nothing"},
    {BYTES("\x0B"
           "1"),
     NOT_JSON, "a vertical tab is none"},
    {BYTES("\x0C"
           "1"),
     NOT_JSON, "a form feed is none"},
    {BYTES("\xC2\xA0"
           "1"),
     NOT_JSON, "a no-break space is none"},
    {BYTES("\xE2\x80\xA8"
           "1"),
     NOT_JSON, "a line separator is none"},
    {BYTES("1\xC2\xA0"), AFTER, "so behind"},
    {BYTES("\xE2\x80\x8B"
           "1"),
     NOT_JSON, "so"},
    {BYTES("[1\x0B]"), NOT_JSON, "so"},
    {BYTES("[\xE3\x80\x80"
           "1]"),
     NOT_JSON, "so"},
    {BYTES("1 2"), AFTER, "two values"},
    {BYTES("- 1"), NOT_JSON, "inside a number"},
    {BYTES("1 .5"), AFTER, "inside a number"},
    {BYTES("t rue"), NOT_JSON, "inside a word"},
    {BYTES("\"a\" \"b\""), AFTER, "two values"},
    {BYTES("{\"a\" :1}"), SOUND, "before a colon"},
    {BYTES("{\"a\": 1}"), SOUND, "behind a colon"},
};

static const struct row OBJECTS[] = {
    {BYTES("{\"a\":1,}"), NOT_JSON, "a comma too many"},
    {BYTES("{,}"), NOT_JSON, "a comma alone"},
    {BYTES("{,\"a\":1}"), NOT_JSON, "a comma first"},
    {BYTES("{\"a\":1,,\"b\":2}"), NOT_JSON, "two commas"},
    {BYTES("{\"a\" 1}"), NOT_JSON, "no colon"},
    {BYTES("{\"a\"::1}"), NOT_JSON, "two colons"},
    {BYTES("{\"a\":}"), NOT_JSON, "no value"},
    {BYTES("{:1}"), NOT_JSON, "no name"},
    {BYTES("{a:1}"), NOT_JSON, "a name without quotes"},
    {BYTES("{'a':1}"), NOT_JSON, "quotes of another kind"},
    {BYTES("{1:1}"), NOT_JSON, "a number as a name"},
    {BYTES("{null:1}"), NOT_JSON, "a word as a name"},
    {BYTES("{[]:1}"), NOT_JSON, "a list as a name"},
    {BYTES("{\"a\":1 \"b\":2}"), NOT_JSON, "no comma"},
    {BYTES("{\"a\":1;\"b\":2}"), NOT_JSON, "a semicolon"},
    {BYTES("{\"a\"=1}"), NOT_JSON, "an equals sign"},
    {BYTES("{\"a\":1]"), NOT_JSON, "closed by the other bracket"},
    {BYTES("{\"a\"}"), NOT_JSON, "a name alone"},
    {BYTES("{\"a\",\"b\"}"), NOT_JSON, "names alone"},
    {BYTES("{{}}"), NOT_JSON, "an object as a name"},
    {BYTES("}"), NOT_JSON, "closed, never opened"},
    {BYTES("{\"a\":1}}"), AFTER, "closed twice"},
    {BYTES("{\"a\":1,\"b\"}"), NOT_JSON, "a name alone"},
    {BYTES("{\"\\u0061\":1}"), SOUND, "an escape in a name"},
    {BYTES("{\"a\\n\":1}"), SOUND, "an escape in a name"},
    {BYTES("{\"a\x0A\":1}"), NOT_JSON, "a line end in a name"},
};

static const struct row ARRAYS[] = {
    {BYTES("[1,]"), NOT_JSON, "a comma too many"},
    {BYTES("[,1]"), NOT_JSON, "a comma first"},
    {BYTES("[,]"), NOT_JSON, "a comma alone"},
    {BYTES("[1,,2]"), NOT_JSON, "two commas"},
    {BYTES("[1 2]"), NOT_JSON, "no comma"},
    {BYTES("[1;2]"), NOT_JSON, "a semicolon"},
    {BYTES("[1:2]"), NOT_JSON, "a colon"},
    {BYTES("[\"a\":1]"), NOT_JSON, "a member in an array"},
    {BYTES("[1}"), NOT_JSON, "closed by the other bracket"},
    {BYTES("]"), NOT_JSON, "closed, never opened"},
    {BYTES("[]]"), AFTER, "closed twice"},
    {BYTES("[][]"), AFTER, "two values"},
    {BYTES("[a]"), NOT_JSON, "no value"},
    {BYTES("[\"\"]"), SOUND, "an empty text"},
    {BYTES("[-]"), NOT_JSON, "no number"},
    {BYTES("['a']"), NOT_JSON, "quotes of another kind"},
    {BYTES("[...]"), NOT_JSON, "no value"},
    {BYTES("[1,2,3,4,5,6,7,8,9,10]"), SOUND, "many"},
};

static const struct row WORDS[] = {
    {BYTES("True"), NOT_JSON, "a capital"},
    {BYTES("TRUE"), NOT_JSON, "capitals"},
    {BYTES("Null"), NOT_JSON, "a capital"},
    {BYTES("FALSE"), NOT_JSON, "capitals"},
    {BYTES("nil"), NOT_JSON, "of another language"},
    {BYTES("none"), NOT_JSON, "of another language"},
    {BYTES("undefined"), NOT_JSON, "of another language"},
    {BYTES("NaN"), NOT_JSON, "no number of JSON"},
    {BYTES("Infinity"), NOT_JSON, "no number of JSON"},
    {BYTES("-Infinity"), NOT_JSON, "no number of JSON"},
    {BYTES("inf"), NOT_JSON, "no number of JSON"},
    {BYTES("truee"), AFTER, "a letter too many"},
    {BYTES("nulll"), AFTER, "a letter too many"},
    {BYTES("true1"), AFTER, "a digit behind"},
    {BYTES("true\"a\""), AFTER, "a text behind"},
    {BYTES("[true false]"), NOT_JSON, "no comma"},
    {BYTES("[nullnull]"), NOT_JSON, "no comma"},
    {BYTES("tr\\u0075e"), NOT_JSON, "no escapes in words"},
    {BYTES("\xEF\xBD\x94rue"), NOT_JSON, "a full-width letter"},
    {BYTES("yes"), NOT_JSON, "of another language"},
    {BYTES("x"), NOT_JSON, "a letter"},
};

static const struct row NUMBERS[] = {
    {BYTES("0"), SOUND, "a number"},
    {BYTES("-0"), SOUND, "a zero may be negative"},
    {BYTES("1"), SOUND, "a number"},
    {BYTES("-1"), SOUND, "a number"},
    {BYTES("9"), SOUND, "a number"},
    {BYTES("10"), SOUND, "a number"},
    {BYTES("123"), SOUND, "a number"},
    {BYTES("1234567890"), SOUND, "a number"},
    {BYTES("0.0"), SOUND, "a number"},
    {BYTES("-0.0"), SOUND, "a number"},
    {BYTES("0.5"), SOUND, "a number"},
    {BYTES("-0.5"), SOUND, "a number"},
    {BYTES("1.0"), SOUND, "a number"},
    {BYTES("1.50"), SOUND, "a number"},
    {BYTES("1.000000"), SOUND, "a number"},
    {BYTES("10.01"), SOUND, "a number"},
    {BYTES("1e0"), SOUND, "a number"},
    {BYTES("1E0"), SOUND, "a number"},
    {BYTES("1e+0"), SOUND, "a number"},
    {BYTES("1e-0"), SOUND, "a number"},
    {BYTES("1e1"), SOUND, "a number"},
    {BYTES("1E1"), SOUND, "a number"},
    {BYTES("1e+1"), SOUND, "a number"},
    {BYTES("1E+1"), SOUND, "a number"},
    {BYTES("1e-1"), SOUND, "a number"},
    {BYTES("1E-1"), SOUND, "a number"},
    {BYTES("1e01"), SOUND, "an exponent may begin with zeros"},
    {BYTES("1e-01"), SOUND, "a number"},
    {BYTES("1.5e3"), SOUND, "a number"},
    {BYTES("-1.5E-3"), SOUND, "a number"},
    {BYTES("0e0"), SOUND, "a number"},
    {BYTES("0E1"), SOUND, "a number"},
    {BYTES("0e+1"), SOUND, "a number"},
    {BYTES("0e-999999"), SOUND, "zero, however small"},
    {BYTES("0.0e999999"), SOUND, "zero, however large"},
    {BYTES("1e-400"), SOUND, "too small for a double: zero"},
    {BYTES("-1e-400"), SOUND, "a number"},
    {BYTES("4.9e-324"), SOUND, "the smallest double"},
    {BYTES("2.2250738585072014e-308"), SOUND, "a number"},
    {BYTES("1.7976931348623157e308"), SOUND, "the largest double"},
    {BYTES("-1.7976931348623157e308"), SOUND, "a number"},
    {BYTES("9007199254740991"), SOUND, "a number"},
    {BYTES("9007199254740992"), SOUND, "a number"},
    {BYTES("9007199254740993"), SOUND, "no double is this: the nearest one is"},
    {BYTES("-9007199254740993"), SOUND, "a number"},
    {BYTES("9223372036854775807"), SOUND, "a number"},
    {BYTES("9223372036854775808"), SOUND, "past 2^63: a double"},
    {BYTES("18446744073709551615"), SOUND, "a number"},
    {BYTES("18446744073709551616"), SOUND, "a number"},
    {BYTES("99999999999999999999"), SOUND, "a number"},
    {BYTES("123456789012345678901234567890"), SOUND, "a number"},
    {BYTES("0.1234567890123456789012345678901234567890"), SOUND, "a number"},
    {BYTES("333333333.33333329"), SOUND, "a number"},
    {BYTES("1e23"), SOUND, "a number"},
    {BYTES("5e-324"), SOUND, "a number"},
    {BYTES("1e-7"), SOUND, "a number"},
    {BYTES("123.456e-78"), SOUND, "a number"},
    {BYTES("+1"), NOT_JSON, "a plus sign"},
    {BYTES("+"), NOT_JSON, "a plus sign"},
    {BYTES(".5"), NOT_JSON, "nothing before the point"},
    {BYTES("-.5"), NOT_JSON, "nothing before the point"},
    {BYTES("01"), NOT_JSON, "a zero in front"},
    {BYTES("-01"), NOT_JSON, "a zero in front"},
    {BYTES("00"), NOT_JSON, "a zero in front"},
    {BYTES("00.5"), NOT_JSON, "a zero in front"},
    {BYTES("--1"), NOT_JSON, "two signs"},
    {BYTES("-+1"), NOT_JSON, "two signs"},
    {BYTES("1.e1"), NOT_JSON, "nothing behind the point"},
    {BYTES("1..5"), NOT_JSON, "two points"},
    {BYTES("1e.5"), NOT_JSON, "no exponent"},
    {BYTES("1ee1"), NOT_JSON, "two exponents"},
    {BYTES("1e++1"), NOT_JSON, "two signs"},
    {BYTES("1e+-1"), NOT_JSON, "two signs"},
    {BYTES("-a"), NOT_JSON, "no digit"},
    {BYTES("1.a"), NOT_JSON, "no digit"},
    {BYTES("1ea"), NOT_JSON, "no digit"},
    {BYTES("\xD9\xA1"), NOT_JSON, "a digit of another script"},
    {BYTES("\xEF\xBC\x91"), NOT_JSON, "a full-width digit"},
    {BYTES("\xE2\x88\x92"
           "1"),
     NOT_JSON, "another minus sign"},
    {BYTES("-\xD9\xA1"), NOT_JSON, "a digit of another script"},
    {BYTES("$1"), NOT_JSON, "a sign of money"},
    {BYTES("0x10"), AFTER, "hexadecimal"},
    {BYTES("0b1"), AFTER, "binary"},
    {BYTES("0o7"), AFTER, "octal"},
    {BYTES("1_000"), AFTER, "digits in groups"},
    {BYTES("1,000"), AFTER, "digits in groups"},
    {BYTES("1'000"), AFTER, "digits in groups"},
    {BYTES("1.5.5"), AFTER, "two points"},
    {BYTES("1-"), AFTER, "a sign behind"},
    {BYTES("1+1"), AFTER, "a sum"},
    {BYTES("1a"), AFTER, "a letter"},
    {BYTES("1L"), AFTER, "a letter"},
    {BYTES("1.0f"), AFTER, "a letter"},
    {BYTES("1e1.5"), AFTER, "a point in the exponent"},
    {BYTES("1e5e5"), AFTER, "two exponents"},
    {BYTES("1/2"), AFTER, "a fraction"},
    {BYTES("1%"), AFTER, "a per cent sign"},
    {BYTES("1\xC2\xBD"), AFTER, "a vulgar fraction"},
    {BYTES("1e309"), LARGE, "past the largest double"},
    {BYTES("-1e309"), LARGE, "past the largest double"},
    {BYTES("1e400"), LARGE, "past the largest double"},
    {BYTES("1.7976931348623159e308"), LARGE, "just past it"},
    {BYTES("123e307"), LARGE, "past it"},
    {BYTES("0.1e310"), LARGE, "past it"},
    {BYTES("1E+999999999999"), LARGE, "far past it"},
    {BYTES("999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "9999999999999999999999999999999999999999999999999999"),
     LARGE, "past it, written out"},
    {BYTES("100000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "0000000000000000000000000000000000000000000000000"),
     LARGE, "past it, written out"},
    {BYTES("[1e309]"), LARGE, "so in an array"},
    {BYTES("{\"a\":-1e999}"), LARGE, "so in an object"},
    {BYTES("100000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "00000000000000"),
     SOUND, "longer than cJSON read once"},
    {BYTES("0."
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "00000000000001"),
     SOUND, "longer than cJSON read once"},
    {BYTES("111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "as long as cJSON read once"},
    {BYTES("1111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "one longer"},
    {BYTES("-111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "one longer"},
    {BYTES("[11111111111111111111111111111111111111111111111111111111111111111111111111111111,2]"),
     SOUND, "so in an array"},
};

static const struct row WHAT_IS_NOT_JSON[] = {
    {BYTES("//"), NOT_JSON, "a comment"},
    {BYTES("/* */{}"), NOT_JSON, "a comment"},
    {BYTES("{}/* */"), AFTER, "a comment behind"},
    {BYTES("{}//"), AFTER, "a comment behind"},
    {BYTES("{/*a*/}"), NOT_JSON, "a comment inside"},
    {BYTES("#{}"), NOT_JSON, "a comment"},
    {BYTES("[1,/**/2]"), NOT_JSON, "a comment inside"},
    {BYTES("<html>"), NOT_JSON, "another language"},
    {BYTES("<?xml?>"), NOT_JSON, "another language"},
    {BYTES("a=1"), NOT_JSON, "another language"},
    {BYTES("a: 1"), NOT_JSON, "another language"},
    {BYTES("---\x0A"
           "a: 1"),
     NOT_JSON, "another language"},
    {BYTES("\"a\"+\"b\""), AFTER, "a sum"},
    {BYTES("(1)"), NOT_JSON, "brackets"},
    {BYTES("`a`"), NOT_JSON, "another quote"},
    {BYTES("\xE2\x80\x9C"
           "a\xE2\x80\x9D"),
     NOT_JSON, "another quote"},
    {BYTES("{\"a\":\xE2\x80\x9C"
           "b\xE2\x80\x9D}"),
     NOT_JSON, "another quote"},
    {BYTES("*"), NOT_JSON, "a star"},
    {BYTES("[*]"), NOT_JSON, "a star"},
    {BYTES("{\"a\":*}"), NOT_JSON, "a star"},
    {BYTES("{...}"), NOT_JSON, "dots"},
    {BYTES("{\"a\":1}\x0A{\"b\":2}"), AFTER, "two lines"},
    {BYTES("{\"a\":1},{\"b\":2}"), AFTER, "two values"},
    {BYTES("{\"a\":1},"), AFTER, "a comma behind"},
    {BYTES("[1],"), AFTER, "a comma behind"},
    {BYTES(","), NOT_JSON, "a comma"},
    {BYTES(":"), NOT_JSON, "a colon"},
    {BYTES(")]}',\x0A{}"), NOT_JSON, "a prefix against inclusion"},
    {BYTES("\x1E{}"), NOT_JSON, "a record separator"},
    {BYTES("data: {}"), NOT_JSON, "an event"},
    {BYTES("&quot;a&quot;"), NOT_JSON, "escaped for another language"},
    {BYTES("%7B%7D"), NOT_JSON, "escaped for an address"},
    {BYTES("\\{\\}"), NOT_JSON, "escaped"},
    {BYTES("\"\\\"\""), SOUND, "a quote"},
};

static void values_alone(void **state)
{
    (void)state;
    json_texts_check(VALUES_ALONE, COUNT(VALUES_ALONE));
}

static void blanks(void **state)
{
    (void)state;
    json_texts_check(BLANKS, COUNT(BLANKS));
}

static void objects(void **state)
{
    (void)state;
    json_texts_check(OBJECTS, COUNT(OBJECTS));
}

static void arrays(void **state)
{
    (void)state;
    json_texts_check(ARRAYS, COUNT(ARRAYS));
}

static void words(void **state)
{
    (void)state;
    json_texts_check(WORDS, COUNT(WORDS));
}

static void numbers(void **state)
{
    (void)state;
    json_texts_check(NUMBERS, COUNT(NUMBERS));
}

static void what_is_not_json(void **state)
{
    (void)state;
    json_texts_check(WHAT_IS_NOT_JSON, COUNT(WHAT_IS_NOT_JSON));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_alone),     cmocka_unit_test(blanks), cmocka_unit_test(objects),
        cmocka_unit_test(arrays),           cmocka_unit_test(words),  cmocka_unit_test(numbers),
        cmocka_unit_test(what_is_not_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
