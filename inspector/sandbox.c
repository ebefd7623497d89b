/*
 * sandbox.c - see sandbox.h. What is allowed is listed in sandbox.def; anything else is EPERM rather than
 * death, so that a libc that tries something new falls back (nscd → files, statx → newfstatat).
 */
#include "inspector/sandbox.h"

#include "common/array.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/ioctl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <unistd.h>

/* Holds when the argument, masked, has the value. */
struct condition {
    unsigned argument;
    uint64_t mask, value;
};

/* Calls go by name, because machines differ in which they have. */
struct rule {
    const char *call;
    struct condition first, second; /* one without a mask always holds */
    unsigned flag;
};

/* From linux/fs.h of 6.11; older headers lack it. The argument is 104 bytes. */
#define PROCMAP_QUERY_IOCTL _IOC(_IOC_READ | _IOC_WRITE, 'f', 17, 104)

static const struct rule rules[] = {
#define HARMLESS(name)                  {.call = #name},
#define ALLOW(name, one, other, needed) {.call = #name, .first = one, .second = other, .flag = needed},
#include "inspector/sandbox.def"
};

/* Names this libseccomp does not know are calls that nobody can make by accident. */
static int add(scmp_filter_ctx context, uint32_t action, const char *call, unsigned count,
               const struct scmp_arg_cmp *comparisons)
{
    int number = seccomp_syscall_resolve_name(call);
    if (number == __NR_SCMP_ERROR)
        return 0;
    return seccomp_rule_add_array(context, action, number, count, comparisons);
}

static void add_condition(struct scmp_arg_cmp *comparisons, unsigned *count,
                          const struct condition *condition)
{
    if (!condition->mask)
        return;
    comparisons[(*count)++] = (struct scmp_arg_cmp){.arg = condition->argument,
                                                    .op = SCMP_CMP_MASKED_EQ,
                                                    .datum_a = condition->mask,
                                                    .datum_b = condition->value};
}

static int add_rule(scmp_filter_ctx context, const struct rule *rule)
{
    struct scmp_arg_cmp comparisons[2];
    unsigned count = 0;
    add_condition(comparisons, &count, &rule->first);
    add_condition(comparisons, &count, &rule->second);
    return add(context, SCMP_ACT_ALLOW, rule->call, count, comparisons);
}

static int add_rules(scmp_filter_ctx context, unsigned flags)
{
    int r = seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, !(flags & SANDBOX_ONE_THREAD));
    /* A tree instead of a long list; not every libseccomp can. */
    seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t i = 0; i < COUNT_OF(rules) && r == 0; i++)
        if ((rules[i].flag & flags) == rules[i].flag)
            r = add_rule(context, &rules[i]);
    /* Its flags are out of a filter's sight; told that it is missing, libc makes threads by clone(). */
    if (r == 0)
        r = add(context, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
    /* abort() is a signal to ourselves. */
    struct scmp_arg_cmp ourselves = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
    return r < 0 ? r : add(context, SCMP_ACT_ALLOW, "tgkill", 1, &ourselves);
}

int sandbox_enter(unsigned flags)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!context)
        return -ENOMEM;
    int r = add_rules(context, flags);
    if (r == 0)
        r = seccomp_load(context);
    seccomp_release(context);
    return r;
}
