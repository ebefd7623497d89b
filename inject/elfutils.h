/*
 * elfutils.h - libelf, loaded when a program is to be looked at, and libdw, when a call site or a stack is:
 * with what they bring along they are five of the twelve libraries that each command would load at its start.
 */
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

/* Their functions by name, once they are loaded. */
struct elfutils {
#define ELF(function) __typeof__(function) *function;
#define DW(function)  __typeof__(function) *function;
#include "inject/elfutils.def"
#undef DW
#undef ELF
};
extern struct elfutils elfutils;

/* How dwfl_begin() finds the files of a running process, and what belongs to a single file that does not run.
 */
extern Dwfl_Callbacks elfutils_process_files, elfutils_single_files;

/* libelf alone, or both. May be called again. Return 0 or -ELIBACC. */
int elfutils_load_elf(void);
int elfutils_load(void);
