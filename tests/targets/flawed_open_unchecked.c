/*
 * flawed_open_unchecked.c - puts up a notice on a shared board. Flaw: whether the board could be opened is
 * not looked at, so there is no stream to write to.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char board_name[] = "/flawed-board";

static FILE *open_board(void)
{
    int fd = shm_open(board_name, O_RDWR | O_CREAT | O_EXCL, 0600);
#ifdef SOUND
    if (fd < 0)
        return NULL;
#endif
    FILE *board = fdopen(fd, "w");
    if (fd >= 0 && !board)
        shm_unlink(board_name);
    return board;
}

static int put_up(FILE *board, const char *notice)
{
    fputs(notice, board);
    if (fclose(board) == EOF)
        return complain("write to the board");
    puts("the notice is up");
    return 0;
}

int main(void)
{
    shm_unlink(board_name);
    FILE *board = open_board();
#ifdef SOUND
    if (!board)
        return complain("open the board");
#endif
    int status = put_up(board, "closed on Sundays\n");
    if (shm_unlink(board_name) < 0)
        status = complain("shm_unlink");
    return status;
}
