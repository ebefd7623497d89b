/* actions.h - what the keys do: action_NAME() for each row of keys.def. */
#pragma once

struct dashboard;

#define KEY(action, ...) void action_##action(struct dashboard *dashboard, int code);
#include "inspector/dashboard/keys.def"
#undef KEY
