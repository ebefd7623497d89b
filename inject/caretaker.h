/*
 * caretaker.h - for programs that outlive their run under the seccomp engine. Their filter cannot be taken
 * away, and without a listener the kernel answers what it stops with ENOSYS: somebody must let their calls go
 * on.
 */
#pragma once

/* Leaves a process behind that does so until the last of them is gone; none when there are none. */
void caretaker_leave(int listener);
