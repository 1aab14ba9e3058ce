/* desk: the table of verbs, once more and by hand: what each takes and leaves behind. Who changes one changes both, and means it. */
#include "cmocka_all.h"
#include "core/desk/desk_deed.h"

#define WHOLE(verb, right, audit) [verb] = {right, FROM_WHOLE, audit}

static const struct {
    enum right right;
    enum deed_from from;
    enum audit_action audit;
} wanted[DESK_VERB_COUNT] = {
    [DESK_SIGN_IN] = {RIGHT_NONE, FROM_NOBODY, AUDIT_SIGN_IN},
    [DESK_SIGN_IN_FAILED] = {RIGHT_NONE, FROM_NOBODY, AUDIT_SIGN_IN_FAILED},
    [DESK_SECOND_FACTOR] = {RIGHT_NONE, FROM_HALF, AUDIT_SIGN_IN},
    [DESK_SIGN_OUT] = {RIGHT_NONE, FROM_HALF, AUDIT_SIGN_OUT},
    [DESK_SEEN] = {RIGHT_NONE, FROM_HALF, AUDIT_NONE},
    [DESK_LOCK] = {RIGHT_NONE, FROM_LOCKED, AUDIT_LOCKED},
    [DESK_UNLOCK] = {RIGHT_NONE, FROM_LOCKED, AUDIT_UNLOCKED},
    [DESK_PASSWORD] = {RIGHT_SIGNED_IN, FROM_HALF, AUDIT_SETTINGS},
    [DESK_TOTP] = {RIGHT_SIGNED_IN, FROM_HALF, AUDIT_SETTINGS},
    [DESK_REFUSED] = {RIGHT_NONE, FROM_HALF, AUDIT_REFUSED},
    WHOLE(DESK_REVOKE, RIGHT_SIGNED_IN, AUDIT_REVOKED),
    WHOLE(DESK_SETTINGS, RIGHT_SIGNED_IN, AUDIT_SETTINGS),
    WHOLE(DESK_FILTER, RIGHT_QUEUE, AUDIT_SETTINGS),
    WHOLE(DESK_USER_ADD, RIGHT_USERS, AUDIT_USER),
    WHOLE(DESK_USER_CHANGE, RIGHT_USERS, AUDIT_USER),
    WHOLE(DESK_USER_DISABLE, RIGHT_USERS, AUDIT_USER),
    WHOLE(DESK_USER_RESET, RIGHT_USERS, AUDIT_USER),
    WHOLE(DESK_VIEW, RIGHT_SIGNED_IN, AUDIT_VIEWED), /* what is looked at says which right it takes */
    WHOLE(DESK_FIND_PHONE, RIGHT_PERSON, AUDIT_SEARCHED),
    WHOLE(DESK_REVEAL, RIGHT_REVEAL, AUDIT_REVEALED),
    WHOLE(DESK_CLAIM, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_ASSIGN, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_RELEASE, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_WAIT, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_URGENCY, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_ATTEMPT, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_REFER, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_SETTLE_REFERRAL, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_CLOSE, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_REOPEN, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_NOTE, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_REPLY, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_MERGE, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_DEALT, RIGHT_SIGNED_IN, AUDIT_CHANGED), /* the same */
    WHOLE(DESK_NEW, RIGHT_QUEUE, AUDIT_CHANGED),
    WHOLE(DESK_DRAFT, RIGHT_QUEUE, AUDIT_NONE),
    WHOLE(DESK_FORGET, RIGHT_FORGET, AUDIT_FORGOT),
    WHOLE(DESK_NUMBER_CHANGED, RIGHT_FORGET, AUDIT_CHANGED),
    WHOLE(DESK_FLAG, RIGHT_PERSON, AUDIT_CHANGED),
    WHOLE(DESK_FLAG_DROP, RIGHT_PERSON, AUDIT_CHANGED),
    WHOLE(DESK_REDACT, RIGHT_REDACT, AUDIT_CHANGED),
};

static void each_verb_takes_and_leaves_what_it_should(void **state)
{
    (void)state;
    for (int verb = 0; verb < DESK_VERB_COUNT; verb++) {
        const struct verb_row *row = desk_verb_row((enum desk_verb)verb);
        if (!row->run || row->right != wanted[verb].right || row->from != wanted[verb].from ||
            row->audit != wanted[verb].audit)
            fail_msg("verb %d is not as it should be", verb);
    }
}

/* Coming and going, looking and being refused: each time is one more, and leaves its line, whatever form it came from. A number is shown
 * anew or not at all. What somebody says of themselves is so afterwards, however often a form was sent: "saved" would be untrue of other
 * words under the same key. Whatever else is asked for twice with one key is done once. */
static void few_verbs_are_done_anew(void **state)
{
    (void)state;
    static const bool anew[DESK_VERB_COUNT] = {
        [DESK_SIGN_IN] = true, [DESK_SIGN_IN_FAILED] = true, [DESK_SECOND_FACTOR] = true, [DESK_SIGN_OUT] = true,
        [DESK_SEEN] = true,    [DESK_LOCK] = true,           [DESK_UNLOCK] = true,        [DESK_REFUSED] = true,
        [DESK_VIEW] = true,    [DESK_FIND_PHONE] = true,     [DESK_REVEAL] = true,        [DESK_PASSWORD] = true,
        [DESK_TOTP] = true,    [DESK_SETTINGS] = true,       [DESK_FILTER] = true};
    for (int verb = 0; verb < DESK_VERB_COUNT; verb++)
        assert_int_equal(desk_verb_row((enum desk_verb)verb)->is_done_anew, anew[verb]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_takes_and_leaves_what_it_should),
        cmocka_unit_test(few_verbs_are_done_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
