/*
 * banned.h - functions this project does not use, because a bound or an error is easy to forget with them.
 * Every file is compiled with this header first (Makefile: -include), so a use does not build.
 */
#pragma once

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets atoi atol atoll mktemp tmpnam
