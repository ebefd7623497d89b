/* librt.c - stands for the librt.so.1 of glibc before 2.34 when behave_old is linked; never loaded. */
void shm_open(void);
void shm_unlink(void);

void shm_open(void)
{
}

void shm_unlink(void)
{
}
