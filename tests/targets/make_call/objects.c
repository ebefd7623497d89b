/* objects.c - what exists before shmoo starts, and the world as one number: a call that failed has not
 * changed it. */
#include "tests/targets/make_call/make_call.h"

#include "inject/calls_headers.h"

#include <dirent.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

int ids[3];

_Noreturn void give_up(const char *what)
{
    fprintf(stderr, "make_call: %s: %s\n", what, strerror(errno));
    exit(3);
}

static void place(int fd, int wanted)
{
    if (fd < 0 || dup2(fd, wanted) < 0)
        give_up("object");
    close(fd);
}

static void place_pair(int ends[2], int first, int second, int flags)
{
    for (int end = 0; end < 2; end++)
        fcntl(ends[end], F_SETFL, fcntl(ends[end], F_GETFL) | flags);
    place(ends[0], first);
    place(ends[1], second);
}

/* Errors of delayed writes are possible for files on a disk only. */
static void make_disk_file(void)
{
    static const char *const places[] = {"/var/tmp", "/tmp", "."};
    struct statfs system;
    for (size_t index = 0; index < sizeof(places) / sizeof(places[0]); index++) {
        if (statfs(places[index], &system) < 0 || system.f_type == TMPFS_MAGIC)
            continue;
        int fd = open(places[index], O_RDWR | O_TMPFILE, 0600);
        if (fd >= 0 && ftruncate(fd, SIZE) == 0) {
            place(fd, DISK);
            return;
        }
        close(fd);
    }
}

void make_objects(void)
{
    int ends[2];
    int memfd = memfd_create("sealed", MFD_ALLOW_SEALING);
    if (ftruncate(memfd, SIZE) < 0 || fcntl(memfd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_WRITE) < 0)
        give_up("memfd");
    place(memfd, SEALED);
    place(shm_open("/shmoo-kept", O_RDWR | O_CREAT, 0600), SHM);
    if (ftruncate(SHM, SIZE) < 0)
        give_up("shm");
    place(shm_open("/shmoo-kept", O_RDONLY, 0), SHM_READ);
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = MESSAGE_SIZE};
    place(mq_open("/shmoo-kept", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attr), MQ_NOWAIT);
    place(mq_open("/shmoo-kept", O_RDWR), MQ_WAIT);
    if (mq_send(MQ_NOWAIT, "x", 1, 0) < 0 || pipe(ends) < 0)
        give_up("queue");
    place_pair(ends, PIPE_READ, PIPE_WRITE, 0);
    if (write(PIPE_WRITE, "x", 1) != 1 || pipe(ends) < 0)
        give_up("pipe");
    place_pair(ends, PIPE_READ_NOWAIT, PIPE_WRITE_NOWAIT, O_NONBLOCK);
    if (write(PIPE_WRITE_NOWAIT, "x", 1) != 1 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        give_up("socket");
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    place(ends[0], SOCKET);
    place(ends[1], SOCKET_NOWAIT);
    int pidfd = pidfd_open(getpid(), 0);
    fcntl(pidfd, F_SETFD, 0);
    place(pidfd, PIDFD);
    place(open("/dev/null", O_RDWR), OTHER);
    make_disk_file();
    char text[64];
    snprintf(text, sizeof(text), "%d %d %d", shmget(IPC_PRIVATE, SIZE, 0600), semget(IPC_PRIVATE, 1, 0600),
             msgget(IPC_PRIVATE, 0600));
    setenv("MAKE_CALL_IDS", text, 1);
}

void remove_objects(void)
{
    shm_unlink("/shmoo-kept");
    mq_unlink("/shmoo-kept");
    shmctl(ids[0], IPC_RMID, NULL);
    semctl(ids[1], 0, IPC_RMID);
    msgctl(ids[2], IPC_RMID, NULL);
}

void read_ids(void)
{
    const char *text = getenv("MAKE_CALL_IDS");
    if (!text || sscanf(text, "%d %d %d", &ids[0], &ids[1], &ids[2]) != 3)
        give_up("MAKE_CALL_IDS");
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t length)
{
    for (size_t index = 0; index < length; index++)
        sum = (sum ^ ((const unsigned char *)bytes)[index]) * 0x100000001b3;
    return sum;
}

static uint64_t mix_file(uint64_t sum, const char *path)
{
    static char text[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (ssize_t length; fd >= 0 && (length = read(fd, text, sizeof(text))) > 0;)
        sum = mix(sum, text, (size_t)length);
    syscall(SYS_close, fd);
    return sum;
}

static uint64_t mix_directory(uint64_t sum, const char *path)
{
    uint64_t names = 0; /* in any order */
    DIR *directory = opendir(path);
    if (!directory)
        return sum;
    for (struct dirent *entry; (entry = readdir(directory));)
        names += mix(0, entry->d_name, strlen(entry->d_name));
    closedir(directory);
    return mix(sum, &names, sizeof(names));
}

uint64_t world(void)
{
    static const char *const files[] = {"/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg",
                                        "/proc/self/maps"};
    static const char *const directories[] = {"/dev/shm", "/dev/mqueue", "/proc/self/fd", "."};
    uint64_t sum = 0;
    for (size_t index = 0; index < sizeof(files) / sizeof(files[0]); index++)
        sum = mix_file(sum, files[index]);
    for (size_t index = 0; index < sizeof(directories) / sizeof(directories[0]); index++)
        sum = mix_directory(sum, directories[index]);
    struct stat status;
    char text[128];
    int bytes[2] = {0, 0};
    ssize_t length = pread(MQ_WAIT, text, sizeof(text), 0); /* a queue's descriptor reads as its state */
    sum = mix(sum, text, length > 0 ? (size_t)length : 0);
    ioctl(PIPE_READ, FIONREAD, &bytes[0]);
    ioctl(PIPE_READ_NOWAIT, FIONREAD, &bytes[1]);
    if (fstat(SHM, &status) == 0)
        sum = mix(sum, &status.st_size, sizeof(status.st_size));
    return mix(sum, bytes, sizeof(bytes));
}
