/*
 * sarif.h - the frame of a SARIF 2.1.0 log (OASIS) with one run of shmoo, and names of files in it. Rules and
 * results are the caller's.
 */
#pragma once

struct json;

/* Opens the log, its run and the tool's driver, which the caller adds "rules" to. */
void sarif_open(struct json *json);

/* Closes the driver; members of the run follow. */
void sarif_close_driver(struct json *json);

/* Closes the run and the log. */
void sarif_close(struct json *json);

/*
 * Writes "physicalLocation": a line (0: not known) of a file. Below `root` (NULL: nothing is) its path is
 * relative to that, so that another checkout finds it. Code scanning of GitHub refuses a whole log for one
 * result without: where no source is known, that file is the command.
 */
void sarif_write_place(struct json *json, const char *path, const char *root, int line);
