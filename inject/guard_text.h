/* guard_text.h - says in words when an error is possible. */
#pragma once

#include "inject/calls.h"

struct strbuf;

/* Appends "O_CREAT|O_EXCL", "no O_CREAT", "mutex robust", ...; nothing for an empty guard. */
void guard_add_text(struct strbuf *buffer, const struct call *call, const struct guard *guard);
