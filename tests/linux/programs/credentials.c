#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  uid_t r, e, s;
  getresuid(&r, &e, &s);
  printf("%d %d\n", r == e, e == s);
  printf("%d %d\n", getuid() == geteuid(), getgid() == getegid());
  printf("%d\n", setuid(getuid()));
  printf("%d\n", getgroups(0, NULL) >= 0);
  printf("%d %d\n", setresuid(-1, -1, -1), setresgid(-1, -1, -1));
  return 0;
}
