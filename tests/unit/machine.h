/* machine.h - a small made-up machine with an object of every kind, as a recording. */
#pragma once

#include "tests/unit/recording.h"

static const char *const machine_files[][2] = {
    {"proc/pids",                        "20\n21\n"                                                                            },
    {"proc/20/tids",                     "20\n22\n23\n"                                                                        },
    {"proc/21/tids",                     "21\n"                                                                                },
    {"proc/20/task/20/syscall",          "202 0x1010 0x80 0x0 0x0 0x0 0x0 0x0 0x0\n"                                           },
    {"proc/20/task/22/syscall",          "0 0x5 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n"                                                 },
    {"proc/20/task/23/syscall",          "257 0xffffffffffffff9c 0x7ff8 0x1 0x0 0x0 0x0 0x0 0x0\n"                             },
    {"proc/20/task/23/stat",             "23 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 500 1"                                },
    {"proc/20/task/23/wchan",            "wait_for_partner"                                                                    },
    {"proc/20/memory/7ff8.string",       "77616974696e67\n"                                                                    },
    {"proc/20/cwd/waiting.stat",         "93 0 0 0 0 0 0 8 1 4480 1 0 0\n"                                                     },
    {"proc/20/cwd.link",                 "/data"                                                                               },
    {"proc/21/task/21/syscall",          "65 0x4 0x9000 0x1 0x0 0x0 0x0 0x0 0x0\n"                                             },
    {"proc/20/memory/1010+4",            "15000080\n"                                                                          },
    {"proc/20/memory/1010+20",           "1500008001000000150000000100000090000000\n"                                          },
    {"proc/21/status",
     "Name:\tx\nTgid:\t21\nUid:\t0\t0\t0\t0\nThreads:\t1\nSigQ:\t1/9\nSigPnd:\t1\nShdPnd:\t0\nSigBlk:\t0\n"
     "SigIgn:\t0\nSigCgt:\t0\n"                                                                                                },
    {"proc/20/status",
     "Name:\tx\nTgid:\t20\nUid:\t0\t0\t0\t0\nThreads:\t2\nSigQ:\t0/9\nSigPnd:\t0\nShdPnd:\t0\nSigBlk:\t0\n"
     "SigIgn:\t0\nSigCgt:\t0\n"                                                                                                },
    {"proc/20/vmas",
     "4096 8192 0 77 0 20 3 8 /dev/shm/ring\n8192 12288 0 5 0 1 3 1 /SYSV00000063 (deleted)\n"
     "12288 16384 0 9 0 1 3 2 /dev/zero (deleted)\n16384 20480 0 10 0 1 3 4 /memfd:m (deleted)\n"
     "20480 24576 0 11 8 1 3 8 /data/x-shm\n24576 28672 0 79 0 20 3 8 /dev/shm/gone (deleted)\n"                               },
    {"proc/21/vmas",                     "4096 8192 0 77 0 20 3 8 /dev/shm/ring\n12288 16384 0 9 0 1 3 2 /dev/zero (deleted)\n"},
    {"proc/20/map_files/3000-4000.stat", "9 4096 4096 1 1 1 1 0 1 33279 0 0 0\n"                                               },
    {"proc/20/map_files/4000-5000.stat", "10 4096 4096 1 1 1 1 0 1 33279 0 0 0\n"                                              },
    {"proc/20/map_files/5000-6000.stat", "11 4096 4096 1 1 1 1 8 1 33152 1 0 0\n"                                              },
    {"proc/20/map_files/6000-7000.stat", "79 4096 4096 1 1 1 1 0 20 33152 0 0 0\n"                                             },
    {"proc/20/fds",
     "3 3 32 77 4096 4096 0 0 0 0 0 20 33152 1 0 0 /dev/shm/ring\n"
     "4 3 4 0 0 0 0 0 0 0 0 0 0 0 0 0 anon_inode:[eventfd]\n"
     "5 1 1 30 0 0 0 0 0 0 0 0 0 0 0 0 pipe:[30]\n6 3 2 40 0 0 0 0 0 0 0 0 0 0 0 0 socket:[40]\n"
     "7 3 16 80 80 0 0 0 0 0 0 19 33152 1 0 0 /jobs\n8 3 16 81 80 0 0 0 0 0 0 19 33152 0 0 0 /gone "
     "(deleted)\n"
     "9 3 64 90 0 0 0 0 0 0 8 1 4480 1 0 0 /data/fifo\n10 3 64 91 0 0 0 0 0 0 8 1 33152 1 0 0 /data/lock\n"                    },
    {"proc/21/fds",                      "5 2 1 30 0 0 0 0 0 0 0 0 0 0 0 0 pipe:[30]\n"                                        },
    {"proc/20/fd/5.stat",                "30 0 0 1 1 1 0 0 14 4480 1 0 0\n"                                                    },
    {"proc/20/fd/8.fs",                  "427819522 0 0 0 0\n"                                                                 },
    {"proc/20/fd/5.pipe",                "12 65536\n"                                                                          },
    {"proc/20/fd/9.pipe",                "0 65536\n"                                                                           },
    {"proc/20/fdinfo/4",                 "eventfd-count: 3\neventfd-id: 1\n"                                                   },
    {"proc/20/fdinfo/10",                "lock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:91 0 EOF\n"                                },
    {"proc/locks",
     "1: OFDLCK ADVISORY  WRITE -1 08:01:91 0 EOF\n2: FLOCK  ADVISORY  READ  21 08:01:92 0 EOF\n"                              },
    {"proc/sysvipc/shm",                 "head\n99 5 600 4096 20 21 1 0 0 0 0 900 0 900 4096 0\n"                              },
    {"proc/sysvipc/sem",                 "head\n0 4 600 1 0 0 0 0 0 900\n"                                                     },
    {"proc/sysvipc/sem.4",               "0 20 1 0\n"                                                                          },
    {"proc/21/memory/9000+6",            "0000ffff0000\n"                                                                      },
    {"proc/sysvipc/msg",                 "head\n0 6 600 512 3 20 99 0 0 0 0 900 900 900\n"                                     },
    {"proc/sysvipc/msg.6",               "16384\n"                                                                             },
    {"dev/shm.stat",                     "1 0 0 0 0 0 0 0 20 17407 2 0 0\n"                                                    },
    {"dev/shm/files",                    "0 0 0 0 0 0 77 4096 4096 0 0 0 0 0 20 33152 1 0 0 ring\n"
                      "0 32 3 128 0 0 78 32 4096 0 0 0 0 0 20 33152 1 0 0 sem.gate\n"                     },
    {"proc/self/mountinfo",              "36 35 0:20 / /dev/shm rw - tmpfs tmpfs rw\n"                                         },
    {"dev/mqueue/files",                 "0 2 10 8192 0 0 0 0 80 80 0 0 0 0 0 0 19 33152 1 0 0 jobs\n"                         },
    {"net/unix",                         "40 41 1 1 5 0 1 1 0 /tmp/socket\n41 40 1 1 0 0 0 0 0\n"                              },
};

static inline struct recording machine_start(void)
{
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 500);
    recording_add_process(&recording, 21, 600);
    for (size_t i = 0; i < sizeof(machine_files) / sizeof(machine_files[0]); i++)
        recording_write(&recording, machine_files[i][0], machine_files[i][1]);
    return recording;
}
