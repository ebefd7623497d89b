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
 * Writes "artifactLocation" for the path of a file: below `root` (NULL: nothing is) relative to it, so that
 * another checkout finds it.
 */
void sarif_write_artifact(struct json *json, const char *path, const char *root);
