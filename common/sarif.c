/* sarif.c - see sarif.h. */
#include "common/sarif.h"

#include "common/json.h"

#include <string.h>

void sarif_open(struct json *json)
{
    json_open(json, NULL, '{');
    json_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_text(json, "version", "2.1.0");
    json_open(json, "runs", '[');
    json_open(json, NULL, '{');
    json_open(json, "tool", '{');
    json_open(json, "driver", '{');
    json_text(json, "name", "shmoo");
    json_text(json, "version", SHMOO_VERSION);
}

void sarif_close_driver(struct json *json)
{
    json_close(json, '{');
    json_close(json, '{');
}

void sarif_close(struct json *json)
{
    json_close(json, '{');
    json_close(json, '[');
    json_close(json, '{');
}

static bool is_plain(char byte)
{
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return letter || (byte >= '0' && byte <= '9') || strchr("-._~/", byte);
}

/* RFC 3986: what is neither unreserved nor a slash is written as %HH. */
static void add_uri(struct strbuf *uri, const char *path)
{
    for (; *path; path++) {
        if (is_plain(*path))
            strbuf_add_char(uri, *path);
        else
            strbuf_add_format(uri, "%%%02X", (unsigned char)*path);
    }
}

static void write_artifact(struct json *json, const char *path, const char *root)
{
    AUTO_STRBUF struct strbuf uri = {0};
    size_t length = root ? strlen(root) : 0;
    if (length && strncmp(path, root, length) == 0 && path[length] == '/')
        path += length + 1;
    else if (*path == '/')
        strbuf_add_string(&uri, "file://");
    add_uri(&uri, path);
    json_open(json, "artifactLocation", '{');
    json_text(json, "uri", strbuf_text(&uri));
    json_close(json, '{');
    json->text.failed |= uri.failed;
}

void sarif_write_place(struct json *json, const char *path, const char *root, int line)
{
    json_open(json, "physicalLocation", '{');
    write_artifact(json, path, root);
    json_open(json, "region", '{');
    json_number(json, "startLine", line > 0 ? (uint64_t)line : 1);
    json_close(json, '{');
    json_close(json, '{');
}
