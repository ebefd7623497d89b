/*
 * numbers.h - the numbers in what a command writes. Times and ids differ from run to run, a count that is the
 * same in all clean runs is a result. Pure.
 */
#pragma once

#include "inject/sweep/trial.h"

enum { NUMBERS_MAX = 64 };

/* The first numbers of an output, one bit each; later ones are not compared. */
typedef uint64_t number_set;

/* Those that are not the same in both. */
number_set numbers_compare(const struct output_seen *one, const struct output_seen *other);
