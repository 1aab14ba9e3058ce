/* The phones of a simulated world and the people on them. */
#include <string.h>
#include "menu/simulator/simulated.h"

struct span simulated_keep(struct simulator *simulator, struct span s)
{
    return arena_copy(simulator->arena, s);
}

struct simulated_phone *simulated_add_phone(struct simulator *simulator, struct span name, struct span lang)
{
    struct simulated_phone *phone = ARENA_NEW(simulator->arena, struct simulated_phone);
    phone->name = simulated_keep(simulator, name);
    phone->lang = simulated_keep(simulator, lang);
    phone->next = simulator->phones;
    simulator->phones = phone;
    return phone;
}

struct simulated_person *simulated_find_person(const struct simulator *simulator, int64_t id)
{
    struct simulated_person *person = simulator->people;
    while (person && person->id != id)
        person = person->next;
    return person;
}

int64_t simulated_whose(const struct simulator *simulator, const struct line *line)
{
    return line->acting != 0 ? line->acting : simulator->phone->person;
}

struct simulated_person *simulated_owner(struct simulator *simulator, const struct line *line)
{
    struct simulated_person *person = simulated_find_person(simulator, simulated_whose(simulator, line));
    if (person)
        return person;
    person = ARENA_NEW(simulator->arena, struct simulated_person);
    person->id = ++simulator->persons;
    person->phone = simulator->phone->name;
    person->next = simulator->people;
    simulator->people = person;
    simulator->phone->person = person->id;
    return person;
}

static void view_requests(const struct simulator *simulator, struct person_view *view)
{
    struct request *own = ARENA_ARRAY(simulator->arena, struct request, simulator->request_count + 1);
    for (size_t i = 0; i < simulator->request_count; i++)
        if (simulator->requests[i].person == view->person)
            own[view->request_count++] = simulator->requests[i];
    view->requests = own;
}

static bool is_asked(const struct simulated_person *person)
{
    for (size_t i = 0; i < person->follow_up_count; i++)
        if (person->follow_ups[i].state == FOLLOW_UP_ASKED)
            return true;
    return false;
}

struct person_view simulated_view(const struct simulator *simulator, const struct line *line)
{
    const struct simulated_person *person = simulated_find_person(simulator, simulated_whose(simulator, line));
    struct person_view view = {.opted_out = simulator->phone->opted_out,
                               .can_be_called = !simulator->options.masked,
                               .can_be_texted = !simulator->options.masked};
    if (!person)
        return view;
    view.person = person->id;
    view.is_elsewhere = !span_equal(person->phone, simulator->phone->name);
    view.has_pin = person->pin[0] != '\0';
    view.registered = person->registered;
    view.registration = person->registered ? person->registration : NULL;
    view.registered_at = person->registered_at;
    view.follow_up_due = is_asked(person);
    view_requests(simulator, &view);
    return view;
}

static void drop_requests(struct simulator *simulator, int64_t person)
{
    size_t left = 0;
    for (size_t i = 0; i < simulator->request_count; i++)
        if (simulator->requests[i].person != person)
            simulator->requests[left++] = simulator->requests[i];
    simulator->request_count = left;
}

static void drop_answers(struct simulator *simulator, int64_t person)
{
    size_t left = 0;
    for (size_t i = 0; i < simulator->answer_count; i++)
        if (simulator->answers[i].person != person)
            simulator->answers[left++] = simulator->answers[i];
    simulator->answer_count = left;
}

void simulated_destroy_person(struct simulator *simulator, int64_t id)
{
    drop_requests(simulator, id);
    drop_answers(simulator, id);
    for (struct simulated_phone *phone = simulator->phones; phone; phone = phone->next)
        if (phone->person == id)
            phone->person = 0;
    for (struct simulated_person **at = &simulator->people; *at; at = &(*at)->next)
        if ((*at)->id == id) {
            *at = (*at)->next;
            return;
        }
}
