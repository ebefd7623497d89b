// plain.go - a Go program makes its system calls itself. Prints what two of them give.
package main

import (
	"fmt"
	"syscall"
)

func main() {
	fmt.Println(syscall.Unlink("/dev/shm/shmoo-no-such"))
	id, _, err := syscall.Syscall(syscall.SYS_SHMGET, 0, 4096, 0600)
	if err != 0 {
		fmt.Println(err)
		return
	}
	fmt.Println("made")
	syscall.Syscall(syscall.SYS_SHMCTL, id, 0, 0)
}
