/* ids.c - see ids.h. */
#include "inspector/ids.h"

#include "common/array.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

struct id_name {
    unsigned id;
    char *name; /* NULL: looked up, and there is none */
};

/* Few ids own objects on one machine, so the tables are searched from end to end. */
struct id_names {
    ARRAY(struct id_name) known;
};

static const char *lookup(struct id_names *names, unsigned id, const char *(*find)(unsigned id))
{
    array_each(&names->known, entry)
    {
        if (entry->id == id)
            return entry->name;
    }
    struct id_name *entry = array_push(&names->known);
    if (!entry)
        return NULL;
    const char *name = find(id);
    *entry = (struct id_name){.id = id, .name = name ? strdup(name) : NULL};
    return entry->name;
}

static const char *find_user(unsigned id)
{
    const struct passwd *entry = getpwuid(id);
    return entry ? entry->pw_name : NULL;
}

static const char *find_group(unsigned id)
{
    const struct group *entry = getgrgid(id);
    return entry ? entry->gr_name : NULL;
}

const char *user_name(uid_t uid)
{
    static struct id_names users;
    return lookup(&users, uid, find_user);
}

const char *group_name(gid_t gid)
{
    static struct id_names groups;
    return lookup(&groups, gid, find_group);
}

bool user_find(const char *name, uid_t *ret_uid)
{
    const struct passwd *entry = getpwnam(name);
    if (entry)
        *ret_uid = entry->pw_uid;
    return entry;
}

bool group_find(const char *name, gid_t *ret_gid)
{
    const struct group *entry = getgrnam(name);
    if (entry)
        *ret_gid = entry->gr_gid;
    return entry;
}
