/* backup.c - see backup.h. Existing files are never written to, and symbolic links not followed. */
#include "inspector/backup.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/strbuf.h"
#include "inspector/json_parts.h"
#include "probes/kind.h"
#include "probes/salvage.h"
#include "probes/snapshot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_LIMIT = 200 };

struct saving {
    const struct backup_of *of;
    struct strbuf *why;
    struct strbuf json_name, data_name;
    struct json json;
    int data;                 /* -1: a kind without contents */
    uint64_t length;          /* of the data so far */
    const char *message_type; /* NULL: its contents are no messages */
    bool json_made;
};

int backup_open(const char *path)
{
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return -cli_fail_errno(path, errno);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder < 0 ? -cli_fail_errno(path, errno) : folder;
}

/* Letters, digits and ".-_" stay; of a name too long for a file the rest is a hash. */
void backup_name(struct strbuf *name, const char *label)
{
    size_t start = name->length;
    for (const char *at = label; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x80 && (isalnum(byte) || strchr(".-_", byte)))
            strbuf_add_char(name, *at);
        else if (byte == ':' && !memchr(label, ':', (size_t)(at - label)))
            strbuf_add_char(name, '-');
        else
            strbuf_add_format(name, "%%%02x", byte);
    }
    if (name->failed || name->length - start <= NAME_LIMIT)
        return;
    name->length = start + NAME_LIMIT;
    strbuf_add_format(name, "-%016" PRIx64, hash_bytes(label, strlen(label)));
}

static int refuse(struct saving *saving, int r, const char *name)
{
    if (saving->why->length)
        return r;
    strbuf_add_format(saving->why, "not saved: %s: %s", name, r == -EEXIST ? "exists already" : strerror(-r));
    return r;
}

static int make_file(struct saving *saving, const struct strbuf *name)
{
    int fd = openat(saving->of->folder, strbuf_text(name),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return fd < 0 ? refuse(saving, -errno, strbuf_text(name)) : fd;
}

static bool is_zero(const unsigned char *bytes, size_t length)
{
    return !length || (!bytes[0] && memcmp(bytes, bytes + 1, length - 1) == 0);
}

static void note_message(struct saving *saving, const struct peek_part *part)
{
    json_open(&saving->json, NULL, '{');
    json_signed(&saving->json, saving->message_type, part->type);
    json_number(&saving->json, "offset", saving->length);
    json_number(&saving->json, "size", part->size);
    json_close(&saving->json, '{');
}

/* Messages come one after another; of memory, pages of zeros are left out of the file, as holes. */
static int save_part(void *argument, const struct peek_part *part)
{
    struct saving *saving = argument;
    uint64_t offset = saving->message_type ? saving->length : part->offset;
    if (!part->bytes) {
        strbuf_add_string(saving->why, "not saved: some of its bytes may not be read");
        return -ENODATA;
    }
    if (saving->message_type)
        note_message(saving, part);
    saving->length = offset + part->length;
    if (!saving->message_type && is_zero(part->bytes, part->length))
        return 0;
    if (lseek(saving->data, (off_t)offset, SEEK_SET) < 0)
        return -errno;
    int r = file_write_all(saving->data, part->bytes, part->length);
    return r < 0 ? refuse(saving, r, strbuf_text(&saving->data_name)) : 0;
}

static int finish_data(struct saving *saving)
{
    struct value size = saving->of->object->fields[FIELD_SIZE];
    if (saving->data < 0)
        return 0;
    if (!saving->message_type && size.type == VALUE_BYTES && size.number > saving->length)
        saving->length = size.number;
    bool done = ftruncate(saving->data, (off_t)saving->length) == 0 && fsync(saving->data) == 0;
    return done ? 0 : refuse(saving, -errno, strbuf_text(&saving->data_name));
}

static int finish_json(struct saving *saving)
{
    struct json *json = &saving->json;
    AUTO_CLOSE int fd = -1;
    if (saving->message_type)
        json_close(json, '[');
    json_close(json, '{');
    strbuf_add_char(&json->text, '\n');
    if (json->text.failed)
        return -ENOMEM;
    fd = make_file(saving, &saving->json_name);
    if (fd < 0)
        return fd;
    saving->json_made = true;
    int r = file_write_all(fd, json->text.text, json->text.length);
    if (r == 0 && (fsync(fd) < 0 || fsync(saving->of->folder) < 0))
        r = -errno;
    return r < 0 ? refuse(saving, r, strbuf_text(&saving->json_name)) : 0;
}

static int finish_and_remove(void *argument, const struct object *object)
{
    struct saving *saving = argument;
    int r = finish_data(saving);
    if (r == 0)
        r = finish_json(saving);
    return r < 0 ? r : saving->of->remove(saving->of->argument, object);
}

/* Files of an object that is still there would only be in the way of the next try. */
static void drop_files(const struct saving *saving)
{
    if (saving->data >= 0)
        unlinkat(saving->of->folder, strbuf_text(&saving->data_name), 0);
    if (saving->json_made)
        unlinkat(saving->of->folder, strbuf_text(&saving->json_name), 0);
}

static void begin_json(struct saving *saving)
{
    struct json *json = &saving->json;
    json_open(json, NULL, '{');
    json_number(json, "schema", 1);
    json_time(json, "saved", saving->of->snapshot->time);
    if (saving->data >= 0)
        json_text(json, "data", strbuf_text(&saving->data_name));
    json_open(json, "objects", '[');
    json_open(json, NULL, '{');
    json_object_members(json, saving->of->object);
    json_semaphores(json, saving->of->object);
    json_close(json, '{');
    json_close(json, '[');
    if (saving->message_type)
        json_open(json, "messages", '[');
}

static int save(struct saving *saving)
{
    const struct backup_of *of = saving->of;
    const struct salvage_to to = {.see = save_part, .keep = finish_and_remove, .argument = saving};
    const char *reason = NULL;
    if (of->object->kind == &kind_sysv_sem && !of->object->semaphores)
        return refuse(saving, -EACCES, "its values");
    if (salvage_has_contents(of->object->kind)) {
        saving->data = make_file(saving, &saving->data_name);
        if (saving->data < 0)
            return saving->data;
    }
    begin_json(saving);
    int r = salvage(of->kernel, of->snapshot, of->object, &to, &reason);
    if (r == -ENOTRECOVERABLE) {
        strbuf_clear(saving->why);
        strbuf_add_format(saving->why, "its messages could not be put back and are in %s alone",
                          strbuf_text(&saving->data_name));
        return r;
    }
    if (r == 0)
        return 0;
    drop_files(saving);
    if (!reason)
        return refuse(saving, r, "its contents");
    strbuf_add_format(saving->why, "not saved: %s", reason);
    return r;
}

int backup_and_remove(const struct backup_of *of, struct strbuf *why)
{
    struct saving saving = {.of = of,
                            .why = why,
                            .data = -1,
                            .json = json_begin(NULL),
                            .message_type = salvage_message_type(of->object->kind)};
    backup_name(&saving.json_name, of->object->label);
    backup_name(&saving.data_name, of->object->label);
    strbuf_add_string(&saving.json_name, ".json");
    strbuf_add_string(&saving.data_name, ".data");
    int r = saving.json_name.failed || saving.data_name.failed ? -ENOMEM : save(&saving);
    if (saving.data >= 0)
        close(saving.data);
    strbuf_free(&saving.json.text);
    strbuf_free(&saving.json.escaped);
    strbuf_free(&saving.json_name);
    strbuf_free(&saving.data_name);
    return r;
}
