/* json.h - common/json.h, and how a typed value is written with it. */
#pragma once

#include "common/json.h"
#include "probes/value.h"

/*
 * Numbers, sizes, ids and percents as numbers, durations in seconds, times as
 * "2026-11-23T19:47:30Z" (with nanoseconds unless they are 0), keys as "0x00001234", modes as "0644", users
 * and groups as their number, and their name under `key`_name where they have one. Values that are not known
 * or denied are left out.
 */
void json_value(struct json *json, const char *key, struct value value);
