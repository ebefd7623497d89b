/*
 * fuzz_recording.c - recordings. An input is lines "PATH TEXT", each a file of a recording (\n in TEXT is a
 * newline); every kind is collected from it, twice, and must be the same. Each form of a line is read back by
 * itself too.
 */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/record_text.h"
#include "probes/snapshot.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 40, DEPTH_MAX = 32 };

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void write_line(int folder, struct scan line)
{
    const char *word;
    size_t length;
    if (!scan_word(&line, &word, &length) || length > 200)
        return;
    char path[256];
    memcpy(path, word, length);
    path[length] = '\0';
    if (!record_path_is_inside(path))
        return;
    for (char *slash = path; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdirat(folder, path, 0700);
        *slash = '/';
    }
    AUTO_CLOSE int fd = openat(folder, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    AUTO_STRBUF struct strbuf text = {0};
    scan_char(&line, ' ');
    for (; !scan_done(&line); line.at++) {
        bool newline = scan_literal(&line, "\\n");
        strbuf_add_char(&text, newline ? '\n' : *line.at);
        line.at -= newline;
    }
    if (fd >= 0 && text.length)
        file_write_all(fd, text.text, text.length);
}

static void read_forms(const char *text, size_t length)
{
    static const struct record_form *const forms[] = {
        &record_status, &record_vma,       &record_fd,   &record_shm_file,    &record_queue,
        &record_socket, &record_semaphore, &record_pipe, &record_file_system, &record_clock,
    };
    union {
        struct file_status status;
        struct vma vma;
        struct fd fd;
        struct shm_file shm_file;
        struct queue_file queue;
        struct unix_socket socket;
        struct file_system file_system;
    } answer;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        AUTO_STRBUF struct strbuf rest = {0}, again = {0};
        struct scan line = scan_bytes(text, length);
        memset(&answer, 0, sizeof(answer));
        if (!record_read(line, forms[i], &answer, &rest))
            continue;
        record_write(&again, forms[i], &answer, rest.text, rest.length);
        AUTO_STRBUF struct strbuf back = {0};
        FUZZ_CHECK(record_read(scan_bytes(again.text, again.length - 1), forms[i], &answer, &back));
        FUZZ_CHECK(back.length == rest.length &&
                   memcmp(strbuf_text(&back), strbuf_text(&rest), rest.length) == 0);
    }
}

static size_t collect(const char *folder)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    struct request request = {.kinds = UINT64_MAX, .needs = NEED_ALL | NEED_NOTIFY, .all_namespaces = true};
    FUZZ_CHECK(kernel_open_recording(folder, &kernel) == 0);
    int r = snapshot_collect(kernel, &request, &snapshot);
    if (r < 0)
        return SIZE_MAX;
    size_t objects = snapshot->object_count, edges = 0;
    for (size_t i = 0; i < objects; i++) {
        size_t count;
        snapshot_edges(snapshot, snapshot->objects[i], &count);
        edges += count;
        for (size_t field = 0; field < FIELD_COUNT; field++)
            snapshot_verdict(snapshot, snapshot->objects[i], field);
    }
    FUZZ_CHECK(edges == snapshot->edge_count);
    snapshot_free(snapshot);
    return objects;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[] = "/tmp/fuzz.XXXXXX";
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct scan scan = scan_bytes(text, length), line;
    FUZZ_CHECK(mkdtemp(path));
    AUTO_CLOSE int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    write_line(folder, scan_text("clock 2000000000 1000000000"));
    for (int files = 0; files < FILES_MAX && scan_line(&scan, &line); files++) {
        read_forms(line.at, (size_t)(line.end - line.at));
        write_line(folder, line);
    }
    write_line(folder, scan_text(RECORDING_FILE " shmoo recording 1\\nipc_namespace: 7\\nsees_all: 1\\n"));
    size_t objects = collect(path);
    FUZZ_CHECK(collect(path) == objects);
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}
