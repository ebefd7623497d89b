/* removal.h - what comes after the question of F9, which is an action. */
#pragma once

struct dashboard;

/* Removes what was confirmed, as the snapshot that has come since has it. */
void removal_finish(struct dashboard *dashboard);
