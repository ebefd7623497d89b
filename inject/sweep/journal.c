/* journal.c - see journal.h. */
#include "inject/sweep/journal.h"

#include "common/cleanup.h"
#include "inject/sweep/result_json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char *part_of(const char *path)
{
    char *part = NULL;
    return asprintf(&part, "%s.part", path) < 0 ? NULL : part;
}

int journal_begin(const char *path, const struct sweep_result *result, struct journal *ret_journal)
{
    AUTO_FREE char *part = part_of(path);
    if (!part)
        return -ENOMEM;
    AUTO_CLOSE int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        return -errno;
    take_fd(&fd);
    int r = result_write_header(result, file);
    for (size_t index = 0; r == 0 && index < result->outcomes.count; index++)
        r = result_write_outcome(&result->outcomes.items[index], file);
    if (r < 0) {
        fclose(file);
        return r;
    }
    *ret_journal = (struct journal){file, take_ptr(part)};
    return 0;
}

void journal_add(struct journal *journal, const struct outcome *outcome)
{
    if (journal->file)
        result_write_outcome(outcome, journal->file);
}

void journal_end(struct journal *journal)
{
    if (!journal->file)
        return;
    fclose(journal->file);
    unlink(journal->path);
    free(journal->path);
    *journal = (struct journal){0};
}

static bool same_word(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

static const struct trial *find_trial(const trial_list *trials, uint32_t number)
{
    array_each(trials, trial) if (trial->number == number) return trial;
    return NULL;
}

/* The same plan, as far as this trial tells. */
static bool is_same(const struct trial *planned, const struct sweep_result *result, const struct trial *done,
                    const struct sweep_result *earlier)
{
    if (!planned || planned->mode != done->mode || planned->error != done->error ||
        planned->occurrence != done->occurrence || !same_word(planned->setting, done->setting) ||
        (planned->site < 0) != (done->site < 0))
        return false;
    if (planned->site < 0)
        return true;
    const struct site *one = &result->sites.items[planned->site];
    const struct site *other = &earlier->sites.items[done->site];
    return one->call == other->call && one->stack_hash == other->stack_hash;
}

static int take_over(const trial_list *trials, struct sweep_result *result,
                     const struct sweep_result *earlier)
{
    array_each(&earlier->outcomes, outcome)
    {
        const struct trial *planned = find_trial(trials, outcome->trial.number);
        if (!is_same(planned, result, &outcome->trial, earlier))
            return -EINVAL;
        struct outcome *slot = array_push(&result->outcomes);
        if (!slot)
            return -ENOMEM;
        *slot = *outcome;
        slot->trial = *planned;
    }
    return 0;
}

int journal_resume(const char *path, const trial_list *trials, struct sweep_result *result,
                   struct sweep_result *ret_earlier, char reason[JSON_REASON_MAX])
{
    AUTO_FREE char *part = part_of(path);
    if (!part)
        return -ENOMEM;
    int r = access(part, F_OK) == 0   ? result_read_journal(part, ret_earlier, reason)
            : access(path, F_OK) == 0 ? result_read(path, ret_earlier, reason)
                                      : 0;
    if (r == 0)
        r = take_over(trials, result, ret_earlier);
    if (r == -EINVAL && !*reason)
        snprintf(reason, JSON_REASON_MAX, "is of another sweep: another command, plan or program");
    return r;
}
