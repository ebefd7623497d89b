/* auto_json.h - gives a value of jansson back when its variable goes out of scope. */
#pragma once

#include "common/cleanup.h"

#include <jansson.h>

static inline void cleanup_json(json_t **json)
{
    json_decref(*json);
}

#define AUTO_JSON CLEANUP(cleanup_json)
