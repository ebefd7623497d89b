/* mouse.h - clicks and the wheel. */
#pragma once

struct dashboard;

/* Does what the mouse event at hand says. */
void mouse_act(struct dashboard *dashboard);
