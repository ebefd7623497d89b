/* trial_judge.c - see trial_judge.h. */
#include "inject/sweep/trial_judge.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* What sanitizers, valgrind and glibc write when they end a program, or go on after an error. */
static const char *const complaints[] = {
    "ERROR: AddressSanitizer",
    "ERROR: LeakSanitizer",
    "WARNING: ThreadSanitizer",
    "MemorySanitizer:",
    "runtime error:",
    "*** stack smashing detected",
    "*** buffer overflow",
    "free(): ",
    "malloc(): ",
    "malloc_consolidate(): ",
    "double free or corruption",
    "corrupted size vs. prev_size",
    "munmap_chunk(): ",
    "realloc(): ",
    "== Invalid read",
    "== Invalid write",
    "== Invalid free",
    "== Conditional jump or move depends on uninitialised",
    "== Use of uninitialised value",
    "terminate called ",
    "Assertion `",
    "Fatal glibc error",
    "panic: ",
};

/* Calls that remove an object. Made to fail, the object stays, and the program can but say so. */
static const int removals[] = {CALL_shm_unlink, CALL_sem_unlink, CALL_mq_unlink,
                               CALL_shmctl,     CALL_semctl,     CALL_msgctl};

bool judge_removes(int call)
{
    for (size_t index = 0; index < COUNT_OF(removals); index++)
        if (removals[index] == call)
            return true;
    return false;
}

struct judging {
    const struct clean *clean;
    const struct trial *trial;
    const struct seen *seen;
    int call;
    char *reason;
};

static enum verdict say(struct judging *judging, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum verdict say(struct judging *judging, enum verdict verdict, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(judging->reason, JUDGE_REASON_MAX, format, arguments);
    va_end(arguments);
    return verdict;
}

static int exit_status(int wait_status)
{
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
}

static const char *complaint(const struct output_seen *output)
{
    for (size_t index = 0; index < COUNT_OF(complaints); index++)
        if (memmem(output->text, output->kept, complaints[index], strlen(complaints[index])))
            return complaints[index];
    return NULL;
}

static bool same_output(const struct clean *clean, const struct output_seen *output,
                        const struct output_seen *expected)
{
    if (clean->output_varies)
        return true;
    return clean->numbers_vary ? output->words_hash == expected->words_hash : output->hash == expected->hash;
}

void judge_clean(struct clean *clean, const struct seen *other)
{
    const struct output_seen *one = &clean->seen.run.out;
    const struct output_seen *two = &other->run.out;
    clean->numbers_vary |= one->hash != two->hash;
    clean->output_varies |= one->words_hash != two->words_hash;
    clean->messages_vary |= clean->seen.run.err.words_hash != other->run.err.words_hash;
    clean->varying |= numbers_compare(one, two);
}

static size_t kind_length(const char *line)
{
    return strcspn(line, ":\n");
}

static bool has_line(const char *text, const char *line, size_t length)
{
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
        if (strcspn(text, "\n") == length && memcmp(text, line, length) == 0)
            return true;
    return false;
}

/* Objects of the line's kind that only one of two lists has. */
static unsigned count_only(const char *text, const char *other, const char *line)
{
    unsigned count = 0;
    size_t kind = kind_length(line);
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
        if (kind_length(text) == kind && memcmp(text, line, kind) == 0 &&
            !has_line(other, text, strcspn(text, "\n")))
            count++;
    return count;
}

/* What `text` has and `other` has not. Names may be made up anew in each run: as many of a kind are no more.
 */
static bool list_more(const char *text, const char *other, char more[SEEN_LEFT_MAX])
{
    size_t used = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        if (has_line(other, line, length) || count_only(text, other, line) <= count_only(other, text, line))
            continue;
        memcpy(more + used, line, length);
        used += length;
        more[used++] = '\n';
    }
    more[used] = '\0';
    return used;
}

/* Removing what was there before is not its business. */
static bool drop_lines(char *text, const char *dropped)
{
    size_t used = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        size_t whole = length + (line[length] == '\n');
        if (!has_line(dropped, line, length)) {
            memmove(text + used, line, whole);
            used += whole;
        }
        line += whole;
    }
    text[used] = '\0';
    return used;
}

bool judge_left(const struct clean *clean, const struct seen *seen, char left[SEEN_LEFT_MAX])
{
    return list_more(seen->left, clean->seen.left, left) && drop_lines(left, seen->before);
}

static bool reported(const struct judging *judging)
{
    const struct run_seen *run = &judging->seen->run;
    return run->wait_status != 0 && run->err.length;
}

/* It was not let remove the object. */
static bool kept_from_removing(const struct judging *judging)
{
    enum trial_mode mode = judging->trial->mode;
    return (mode == MODE_once || mode == MODE_on) && judge_removes(judging->call);
}

/* That somebody else has removed the object is nothing to report. */
static bool told_gone(const struct judging *judging)
{
    return judging->trial->error == ENOENT || judging->trial->error == EIDRM;
}

static const char *first_line(const char *text, char line[SEEN_LINE_MAX])
{
    snprintf(line, SEEN_LINE_MAX, "%.*s", (int)strcspn(text, "\n"), text);
    return line;
}

static bool is_injected_kill(const struct judging *judging, const struct run_seen *run)
{
    bool crash = judging->trial->mode == MODE_crash_before || judging->trial->mode == MODE_crash_after;
    return crash && run == &judging->seen->run && WIFSIGNALED(run->wait_status) &&
           WTERMSIG(run->wait_status) == SIGKILL;
}

/* A shell or a supervisor passes the signal of its child on in this form. */
static int crash_signal(const struct run_seen *run)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS};
    if (WIFSIGNALED(run->wait_status))
        return WTERMSIG(run->wait_status);
    for (size_t index = 0; index < COUNT_OF(signals); index++)
        if (exit_status(run->wait_status) == 128 + signals[index])
            return signals[index];
    return 0;
}

/* Who writes for a reader that is gone is ended by SIGPIPE unless it asked for the error. */
static bool is_broken_pipe(const struct judging *judging)
{
    int status = judging->seen->run.wait_status;
    bool ended = WIFSIGNALED(status) ? WTERMSIG(status) == SIGPIPE : exit_status(status) == 128 + SIGPIPE;
    return judging->trial->error == EPIPE && ended;
}

/* What is wrong with a run whatever it was meant to do; VERDICT_tolerated when nothing is. */
static enum verdict judge_end(struct judging *judging, const struct run_seen *run)
{
    const char *why = complaint(&run->err);
    int signal = crash_signal(run);
    if (run->runaway)
        return say(judging, VERDICT_hang, "wrote more than 64 MiB and did not end");
    if (run->swollen)
        return say(judging, VERDICT_hang, "took more memory than a trial may, and did not end");
    if (run->timed_out && judging->seen->explanation[0])
        return say(judging, VERDICT_hang, "did not end: %s", judging->seen->explanation);
    if (run->timed_out)
        return say(judging, VERDICT_hang, "did not end in the time it was given");
    if (signal && !is_injected_kill(judging, run) && !is_broken_pipe(judging))
        return say(judging, VERDICT_crash, "ended by SIG%s",
                   sigabbrev_np(signal) ? sigabbrev_np(signal) : "?");
    if (why)
        return say(judging, VERDICT_crash, "stopped by a check: %s", why);
    return VERDICT_tolerated;
}

static enum verdict judge_restart(struct judging *judging)
{
    const struct run_seen *again = &judging->seen->again;
    const struct run_seen *clean = &judging->clean->seen.run;
    char line[SEEN_LINE_MAX];
    if (run_was_ended(again))
        return say(judging, VERDICT_poisoned, "after the crash, a restart does not end%s%s",
                   judging->seen->explanation[0] ? ": " : "", judging->seen->explanation);
    if (WIFSIGNALED(again->wait_status))
        return say(judging, VERDICT_poisoned, "after the crash, a restart is ended by signal %d",
                   WTERMSIG(again->wait_status));
    if (again->wait_status != clean->wait_status)
        return say(judging, VERDICT_poisoned, "after the crash, a restart fails with status %d: %s",
                   exit_status(again->wait_status), first_line(again->err.text, line));
    if (!same_output(judging->clean, &again->out, &clean->out))
        return say(judging, VERDICT_poisoned, "after the crash, a restart writes something else");
    return say(judging, VERDICT_tolerated, "a restart after the crash works");
}

static enum verdict judge_left_over(struct judging *judging)
{
    char left[SEEN_LEFT_MAX];
    char line[SEEN_LINE_MAX];
    const struct seen *seen = judging->seen;
    if (seen->processes_left > judging->clean->seen.processes_left)
        return say(judging, VERDICT_leak, "leaves %u processes running: %s", seen->processes_left,
                   seen->process_left);
    if (!judge_left(judging->clean, seen, left))
        return VERDICT_tolerated;
    if (kept_from_removing(judging) && told_gone(judging))
        return VERDICT_tolerated;
    if (kept_from_removing(judging) && reported(judging))
        return say(judging, VERDICT_handled, "could not remove %s, and said so", first_line(left, line));
    first_line(left, line);
    return say(judging, VERDICT_leak, "leaves %s%s", line, left[strlen(line) + 1] ? " and more" : "");
}

/* An end that says something the clean run does not: on stderr, or where its result would be. */
static bool has_message(const struct run_seen *run, const struct run_seen *clean)
{
    if (run->err.length && run->err.hash != clean->err.hash)
        return true;
    return run->out.kept > clean->out.kept || memcmp(run->out.text, clean->out.text, run->out.kept) != 0;
}

/*
 * Where numbers vary by themselves, one that never did is no proof that something is wrong: it may do so now
 * and then. Together with a message it is.
 */
static bool has_wrong_numbers(const struct clean *clean, const struct run_seen *run)
{
    const struct run_seen *expected = &clean->seen.run;
    if (!clean->numbers_vary || clean->output_varies || clean->messages_vary)
        return false;
    if (!run->err.length || run->err.words_hash == expected->err.words_hash)
        return false;
    return (numbers_compare(&expected->out, &run->out) & ~clean->varying) != 0;
}

static enum verdict judge_success(struct judging *judging, bool same)
{
    const struct run_seen *run = &judging->seen->run;
    char missing[SEEN_LEFT_MAX];
    char line[SEEN_LINE_MAX];
    if (!same)
        return say(judging, VERDICT_silent, "exit status 0, but the output differs%s%s",
                   run->err.length ? "; it wrote: " : "", first_line(run->err.text, line));
    if (has_wrong_numbers(judging->clean, run))
        return say(judging, VERDICT_silent, "exit status 0 with other numbers; it wrote: %s",
                   first_line(run->err.text, line));
    if (list_more(judging->clean->seen.left, judging->seen->left, missing))
        return say(judging, VERDICT_silent, "exit status 0, but %s is missing", first_line(missing, line));
    return say(judging, VERDICT_tolerated, "the same result as without the fault");
}

static enum verdict judge_result(struct judging *judging)
{
    const struct run_seen *run = &judging->seen->run;
    const struct run_seen *clean = &judging->clean->seen.run;
    char line[SEEN_LINE_MAX];
    bool same = same_output(judging->clean, &run->out, &clean->out);
    if (judging->seen->check_status != judging->clean->seen.check_status)
        return say(judging, VERDICT_silent, "exit status %d, and the check fails",
                   exit_status(run->wait_status));
    if (run->wait_status == 0)
        return judge_success(judging, same);
    if (has_message(run, clean))
        return say(judging, VERDICT_handled, "status %d: %s", exit_status(run->wait_status),
                   first_line(run->err.length ? run->err.text : run->out.text, line));
    return say(judging, VERDICT_mute, "status %d and no message", exit_status(run->wait_status));
}

enum verdict judge_trial(const struct clean *clean, const struct trial *trial, int call,
                         const struct seen *seen, char reason[JUDGE_REASON_MAX])
{
    struct judging judging = {clean, trial, seen, call, reason};
    if (seen->error)
        return say(&judging, VERDICT_unjudged, "could not be run: %s", strerror(-seen->error));
    enum verdict verdict = judge_end(&judging, &seen->run);
    if (!seen->fired && verdict == VERDICT_tolerated)
        return say(&judging, VERDICT_not_fired,
                   call < 0 ? "nothing could be put in its way" : "the call was not reached");
    if (verdict != VERDICT_tolerated)
        return verdict;
    if (is_broken_pipe(&judging))
        return say(&judging, VERDICT_handled, "ended by SIGPIPE, as nobody reads");
    if (seen->restarted)
        return judge_restart(&judging);
    verdict = judge_left_over(&judging);
    return verdict == VERDICT_tolerated ? judge_result(&judging) : verdict;
}
