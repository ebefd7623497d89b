/* screens.c - see screens.h. */
#include "inspector/dashboard/screens.h"

#define SCREEN(name) extern const struct screen screen_##name;
#include "inspector/dashboard/screens.def"
#undef SCREEN

const struct screen *const screens[SCREEN_COUNT] = {
#define SCREEN(name) &screen_##name,
#include "inspector/dashboard/screens.def"
#undef SCREEN
};
