// Only on RISC-V: it writes instructions.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <stdint.h>
int main(void) {
  uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  code[0] = 0x02a00513; code[1] = 0x00008067;
  printf("%d\n", mprotect(code, 4096, PROT_READ | PROT_EXEC));
  __builtin___clear_cache((char *)code, (char *)code + 8);
  printf("%d\n", ((int (*)(void))code)());
  mprotect(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
  code[0] = 0x02b00513;
  __builtin___clear_cache((char *)code, (char *)code + 8);
  printf("%d\n", ((int (*)(void))code)());
  printf("%d %d\n", mprotect((char *)code + 1, 4096, PROT_READ), errno);
  munmap(code, 4096);
  printf("%d %d\n", mprotect(code, 4096, PROT_READ), errno);
  char *a = sbrk(0);
  char *b = sbrk(100000);
  printf("%d\n", a == b);
  memset(b, 3, 100000);
  printf("%d %ld\n", b[99999], (long)((char *)sbrk(0) - b));
  sbrk(-100000);
  printf("%d\n", sbrk(0) == (void *)a);
  return 0;
}
