#include "tui/form/actions.h"

#include "tui/terminal/keys.h"
#include "tui/words/words.h"

#define IN(view) (1u << (view))
#define IN_FORM  IN(VIEW_FORM)
#define IN_SCROLLING                                                                               \
    (IN(VIEW_RECORD) | IN(VIEW_ORIGINAL) | IN(VIEW_HELP) | IN(VIEW_RECENT) | IN(VIEW_PAST) |       \
     IN(VIEW_OUTBOX) | IN(VIEW_STANDING) | IN(VIEW_AUDIT))
#define IN_TEXT (IN_FORM | IN(VIEW_RECENT))
#define IN_ASIDE                                                                                   \
    (IN(VIEW_RECENT) | IN(VIEW_PAST) | IN(VIEW_OUTBOX) | IN(VIEW_REFUSED) | IN(VIEW_STANDING) |    \
     IN(VIEW_AUDIT))
#define EVERYWHERE  (IN(VIEWS) - 1)
#define NOT_IN_HELP (EVERYWHERE & ~IN(VIEW_HELP))

#define CTRL(letter) KEYS_CTRL(letter)
#define ALT(letter)  (KEYS_ALT | (letter))

/* In the order of the key bar and of the help. */
static const struct action_info table[] = {
    {ACTION_SUBMIT,
     {KEYS_ENTER, CTRL('S')},
     IN_FORM,
     true,
     N_("Create"),
     N_("create the invoice, from any field")},
    {ACTION_NEW_INVOICE,
     {'n', ALT('n')},
     IN(VIEW_RECORD),
     false,
     "", /* WORD_NEW */
     N_("start the next invoice")},
    {ACTION_AGAIN,
     {'d', ALT('u')},
     IN(VIEW_RECORD) | IN(VIEW_PAST),
     false,
     N_("Again"),
     N_("the same once more, in a new form")},
    {ACTION_CREDIT,
     {'c', ALT('c')},
     IN(VIEW_RECORD) | IN(VIEW_PAST),
     false,
     N_("Credit"),
     N_("a credit note for it, in a new form")},
    {ACTION_EDIT,
     {KEYS_ESCAPE, 'e', CTRL('G')},
     IN(VIEW_CONFLICT),
     false,
     N_("Back to the form"),
     N_("go back to the form, with all that was typed")},
    {ACTION_SHOW_ORIGINAL,
     {'v', ALT('v')},
     IN(VIEW_CONFLICT) | IN(VIEW_REFUSED),
     false,
     N_("View the original"),
     N_("show the invoice that has the number")},
    {ACTION_NEW_INVOICE,
     {'n', ALT('n')},
     IN(VIEW_CONFLICT),
     false,
     "", /* WORD_NEW */
     N_("leave this one, and start the next invoice")},
    {ACTION_TRY_NOW,
     {'t', ALT('t')},
     IN(VIEW_UNCONFIRMED),
     true,
     N_("Try again now"),
     N_("send it again now, with the same key")},
    {ACTION_KEEP,
     {'k', ALT('k')},
     IN(VIEW_UNCONFIRMED),
     true,
     N_("Keep in the outbox"),
     N_("send it in the background; start the next one")},
    {ACTION_NEXT,
     {KEYS_TAB, CTRL('N')},
     IN_FORM,
     false,
     N_("Next"),
     N_("the next field; behind a last line, a new line"),
     .yields = true},
    {ACTION_COMPLETE,
     {CTRL('Y'), ALT('c')},
     IN_FORM,
     false,
     N_("Take"),
     N_("take the customer or text shown at the cursor"),
     .takes = true},
    {ACTION_PREVIOUS, {KEYS_BACK_TAB, CTRL('P')}, IN_FORM, false, NULL, N_("the field before")},
    {ACTION_UP, {KEYS_UP, KEYS_CTRLED | KEYS_UP}, IN_FORM | IN_SCROLLING, false, NULL, N_("up")},
    {ACTION_DOWN,
     {KEYS_DOWN, KEYS_CTRLED | KEYS_DOWN},
     IN_FORM | IN_SCROLLING,
     false,
     NULL,
     N_("down")},
    {ACTION_PAGE_UP,
     {KEYS_PAGE_UP, KEYS_SHIFTED | KEYS_UP},
     IN_FORM | IN_SCROLLING,
     false,
     NULL,
     N_("up by a page")},
    {ACTION_PAGE_DOWN,
     {KEYS_PAGE_DOWN, KEYS_SHIFTED | KEYS_DOWN},
     IN_FORM | IN_SCROLLING,
     false,
     NULL,
     N_("down by a page")},
    {ACTION_NEW_LINE,
     {KEYS_F(2), ALT('l')},
     IN_FORM,
     false,
     N_("Line"),
     N_("a new line below this one"),
     .yields = true},
    {ACTION_INSERT_LINE,
     {KEYS_INSERT, ALT('i')},
     IN_FORM,
     false,
     NULL,
     N_("a new line above this one")},
    {ACTION_DUPLICATE_LINE, {CTRL('T'), ALT('d')}, IN_FORM, false, NULL, N_("this line twice")},
    {ACTION_DELETE_LINE, {CTRL('X'), ALT('x')}, IN_FORM, false, NULL, N_("delete this line")},
    {ACTION_LEFT, {KEYS_LEFT, CTRL('B')}, IN_TEXT, false, NULL, N_("a character to the left")},
    {ACTION_RIGHT, {KEYS_RIGHT, CTRL('F')}, IN_TEXT, false, NULL, N_("a character to the right")},
    {ACTION_WORD_LEFT,
     {KEYS_CTRLED | KEYS_LEFT, KEYS_ALT | KEYS_LEFT, ALT('b')},
     IN_TEXT,
     false,
     NULL,
     N_("a word to the left")},
    {ACTION_WORD_RIGHT,
     {KEYS_CTRLED | KEYS_RIGHT, KEYS_ALT | KEYS_RIGHT, ALT('f')},
     IN_TEXT,
     false,
     NULL,
     N_("a word to the right")},
    {ACTION_HOME, {KEYS_HOME, CTRL('A')}, IN_TEXT, false, NULL, N_("the start of the field")},
    {ACTION_END, {KEYS_END, CTRL('E')}, IN_TEXT, false, NULL, N_("the end of the field")},
    {ACTION_DELETE_BACK,
     {KEYS_BACKSPACE, KEYS_SHIFTED | KEYS_BACKSPACE},
     IN_TEXT,
     false,
     NULL,
     N_("delete the character before the cursor")},
    {ACTION_DELETE,
     {KEYS_DELETE, CTRL('D')},
     IN_TEXT,
     false,
     NULL,
     N_("delete the character under the cursor")},
    {ACTION_KILL_TO_END,
     {CTRL('K'), ALT('k')},
     IN_TEXT,
     false,
     NULL,
     N_("delete to the end of the field")},
    {ACTION_KILL_TO_START,
     {CTRL('U'), ALT('j')},
     IN_TEXT,
     false,
     NULL,
     N_("delete to the start of the field")},
    {ACTION_KILL_WORD,
     {CTRL('W'), KEYS_ALT | KEYS_BACKSPACE},
     IN_TEXT,
     false,
     NULL,
     N_("delete the word before the cursor")},
    {ACTION_UNDO,
     {CTRL('_'), ALT('r')},
     IN_TEXT,
     false,
     NULL,
     N_("undo the last change, wherever it was")},
    {ACTION_REDO, {CTRL('^'), ALT('e')}, IN_TEXT, false, NULL, N_("do again what was undone")},
    {ACTION_OPEN,
     {KEYS_ENTER, KEYS_TAB},
     IN(VIEW_RECENT) | IN(VIEW_OUTBOX),
     false,
     N_("Open"),
     N_("show the invoice that is chosen")},
    /* Letters are typed there. */
    {ACTION_AGAIN,
     {ALT('u'), CTRL('R')},
     IN(VIEW_RECENT),
     false,
     N_("Again"),
     N_("the same once more, from the chosen one")},
    {ACTION_CREDIT,
     {ALT('c'), CTRL('O')},
     IN(VIEW_RECENT),
     false,
     NULL,
     N_("a credit note for the chosen one")},
    {ACTION_AGAIN,
     {ALT('u'), CTRL('R')},
     IN_FORM,
     false,
     NULL,
     N_("fill an empty form from what was created last")},
    {ACTION_SORT,
     {CTRL('T'), ALT('g')},
     IN(VIEW_RECENT),
     false,
     NULL,
     N_("the newest first, by date, or by number")},
    {ACTION_PRINT,
     {'p', ALT('p')},
     IN(VIEW_RECORD) | IN(VIEW_ORIGINAL) | IN(VIEW_PAST) | IN(VIEW_STANDING),
     false,
     NULL,
     N_("show the page that one prints, in $PAGER")},
    {ACTION_WRITE,
     {'w', ALT('w')},
     IN(VIEW_RECORD) | IN(VIEW_ORIGINAL) | IN(VIEW_PAST) | IN(VIEW_STANDING),
     false,
     NULL,
     N_("write that page to a file, named by its number")},
    {ACTION_TAKE_BACK,
     {'t', ALT('t')},
     IN(VIEW_REFUSED),
     false,
     N_("Take back"),
     N_("back into the form, to be changed, a new intent")},
    {ACTION_SEEN,
     {'a', ALT('a')},
     IN(VIEW_REFUSED),
     false,
     N_("Acknowledge"),
     N_("done with it: it is listed no more")},
    {ACTION_RESUME,
     {'r', ALT('r')},
     IN(VIEW_OUTBOX),
     false,
     N_("Resume now"),
     N_("send what waits again now, with the same keys")},
    {ACTION_RECENT,
     {KEYS_F(3), ALT('s')},
     IN_FORM | IN(VIEW_RECORD) | IN(VIEW_OUTBOX),
     false,
     N_("Recent"),
     N_("the newest invoices, and a search among them")},
    {ACTION_OUTBOX,
     {KEYS_F(4), ALT('o')},
     IN_FORM | IN(VIEW_RECORD) | IN(VIEW_RECENT),
     false,
     NC_("key", "Outbox"),
     N_("what isn't settled yet")},
    /* These two bars are full. */
    {ACTION_RECENT,
     {KEYS_F(3), ALT('s')},
     IN(VIEW_CONFLICT) | IN(VIEW_UNCONFIRMED),
     true,
     NULL,
     N_("the newest invoices, and a search among them")},
    {ACTION_OUTBOX,
     {KEYS_F(4), ALT('o')},
     IN(VIEW_CONFLICT) | IN(VIEW_UNCONFIRMED),
     true,
     NULL,
     N_("what isn't settled yet")},
    {ACTION_RECOVER,
     {'r', ALT('r')},
     IN(VIEW_OFFER),
     false,
     N_("Recover"),
     N_("go on with what was typed")},
    {ACTION_DISCARD,
     {'d', ALT('d')},
     IN(VIEW_OFFER),
     false,
     N_("Discard"),
     N_("throw it away, and start with a clean form"),
     .question = N_("D again throws the draft away; any other key keeps it")},
    {ACTION_LATER,
     {KEYS_ESCAPE, CTRL('G')},
     IN(VIEW_OFFER),
     false,
     N_("Later"),
     N_("leave it for the next start; a clean form now")},
    {ACTION_BACK,
     {KEYS_ESCAPE, KEYS_ENTER, CTRL('G')},
     IN(VIEW_FIRST_STEPS),
     true,
     N_("To the form"),
     N_("go on to the form: what you type there is kept")},
    {ACTION_BACK,
     {KEYS_ESCAPE, CTRL('G')},
     IN(VIEW_ORIGINAL) | IN(VIEW_HELP) | IN_ASIDE,
     true,
     N_("Back"),
     N_("go back")},
    {ACTION_HELP, {KEYS_F(1), ALT('h')}, NOT_IN_HELP, true, N_("Help"), N_("show these keys")},
    {ACTION_REDRAW, {CTRL('L'), KEYS_F(12)}, EVERYWHERE, true, NULL, N_("draw the screen again")},
    {ACTION_SUSPEND,
     {CTRL('Z'), ALT('z')},
     EVERYWHERE,
     true,
     NULL,
     N_("suspend; the shell's fg continues")},
    {ACTION_QUIT,
     {KEYS_F(10), CTRL('Q'), CTRL('C')},
     EVERYWHERE,
     true,
     N_("Quit"),
     N_("leave; what isn't settled stays kept")},
    {ACTION_LOSE_REPLY,
     {KEYS_F(5), ALT('5')},
     EVERYWHERE,
     true,
     N_("Lose reply"),
     N_("the server loses its reply to each 1st attempt"),
     true},
    {ACTION_DELAY,
     {KEYS_F(6), ALT('6')},
     EVERYWHERE,
     true,
     N_("Delay 2 s"),
     N_("the server takes 2 seconds to save"),
     true},
    {ACTION_FAIL,
     {KEYS_F(7), ALT('7')},
     EVERYWHERE,
     true,
     N_("503"),
     N_("the server answers 503, and does nothing"),
     true},
    {ACTION_HEAL,
     {KEYS_F(8), ALT('8')},
     EVERYWHERE,
     true,
     N_("None"),
     N_("no faults any more"),
     true},
    {ACTION_AUDIT,
     {KEYS_F(9), ALT('9')},
     NOT_IN_HELP & ~IN(VIEW_OFFER),
     true,
     N_("Audit"),
     N_("what the server saw, on the whole screen"),
     true},
};

const struct action_info *action_row(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

static bool has_key(const struct action_info *info, uint32_t key)
{
    for (size_t i = 0; i < ACTION_KEYS_MAX; i++) {
        if (info->keys[i] == key && key) return true;
    }
    return false;
}

/* The lock is the form's: help can be read to its end while it holds. */
static bool is_held(const struct action_info *info, enum view view, bool locked)
{
    return locked && !info->while_locked && view != VIEW_HELP;
}

const char *action_question(enum action action)
{
    for (size_t i = 0; action_row(i); i++) {
        if (action_row(i)->action == action && action_row(i)->question)
            return _(action_row(i)->question);
    }
    return NULL;
}

enum action action_of_key(uint32_t key, enum view view, bool locked)
{
    uint32_t letter = key & ~KEYS_ALT;
    /* A letter means the same in both cases, but where letters are typed. */
    bool typed = (IN(view) & IN_TEXT) && letter == key;
    if (letter >= 'A' && letter <= 'Z' && !typed) key += 'a' - 'A';
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        if ((info->views & IN(view)) && !is_held(info, view, locked) && has_key(info, key))
            return info->action;
    }
    return ACTION_NONE;
}

static const char *const group_words[ACTION_GROUPS] = {
    [ACTIONS_TO_SEND] = N_("To create, and go on"),
    [ACTIONS_TO_LOOK] = N_("To look"),
    [ACTIONS_TO_MOVE] = N_("To move"),
    [ACTIONS_ON_LINES] = N_("To work on lines"),
    [ACTIONS_TO_CHANGE] = N_("To change what is typed"),
    [ACTIONS_OF_PROGRAM] = N_("For the program"),
    [ACTIONS_OF_DEMO] = N_("For the demonstration"),
};

const char *action_group_words(enum action_group group)
{
    return _(group_words[group]);
}

/* Actions are numbered in their groups' order, as far as that is possible. */
enum action_group action_group(enum action action)
{
    if (action == ACTION_RECENT || action == ACTION_OPEN || action == ACTION_SORT ||
        action == ACTION_PRINT || action == ACTION_WRITE || action == ACTION_OUTBOX ||
        action == ACTION_SHOW_ORIGINAL || action == ACTION_BACK || action == ACTION_HELP)
        return ACTIONS_TO_LOOK;
    if (action >= ACTION_AUDIT) return ACTIONS_OF_DEMO;
    if (action >= ACTION_REDRAW) return ACTIONS_OF_PROGRAM;
    if (action == ACTION_COMPLETE) return ACTIONS_TO_CHANGE;
    if (action >= ACTION_NEW_LINE && action <= ACTION_DELETE_LINE) return ACTIONS_ON_LINES;
    if (action >= ACTION_DELETE_BACK && action <= ACTION_REDO) return ACTIONS_TO_CHANGE;
    if (action >= ACTION_NEXT && action <= ACTION_END) return ACTIONS_TO_MOVE;
    return ACTIONS_TO_SEND;
}
