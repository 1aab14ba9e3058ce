#include "cli/options.h"

static const struct verb_option common_options[COMMON_OPTIONS] = {
    {"config", "FILE", "the configuration; conf/helpline.conf, else /etc/helpline/helpline.conf", false, false},
    {"set", "PATH=VALUE",
     "one setting over the file's, as listen.webhooks=127.0.0.1:18080; =@FILE takes it from a file", false, true},
    {"help", NULL, "this page", false, false},
};

const struct verb_option *options_at(const struct verb *verb, size_t index)
{
    size_t own = 0;
    while (verb->options && verb->options[own].name)
        own++;
    if (index < own)
        return &verb->options[index];
    return index - own < COMMON_OPTIONS ? &common_options[index - own] : NULL;
}
