/*
 * stall - processes that wait for each other for good, and such that only look like it: stall SCENARIO prints
 * "ready" once they are started, and stays until it is killed. Tests look until everybody waits.
 */
#include "tests/targets/stall/stall.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*start)(void);
} scenarios[] = {
#define SCENARIO(name, function) {name, function},
#include "tests/targets/stall/scenarios.def"
#undef SCENARIO
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        if (strcmp(scenarios[i].name, argv[1]) != 0)
            continue;
        scenarios[i].start();
        puts("ready");
        fflush(stdout);
        pause();
    }
    return 2;
}
