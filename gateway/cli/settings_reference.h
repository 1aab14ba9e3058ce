/*
 * settings_reference: all that may stand in the configuration and in a profile, printed from the tables that check it.
 */
#pragma once

void settings_reference_print(void);
