/* screens.h - the table of screens, made from screens.def. */
#pragma once

#include "inspector/dashboard/dashboard.h"

extern const struct screen *const screens[SCREEN_COUNT];
