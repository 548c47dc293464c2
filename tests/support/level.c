// What every program starts from, whoever started it: no descriptors but the first three, a known
// umask, no signal blocked or ignored.
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((constructor(101))) static void level(void) {
  for (int fd = 3; fd < 1024; fd++) close(fd);
  umask(022);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  for (int which = 1; which < 32; which++) {
    if (which != SIGKILL && which != SIGSTOP) signal(which, SIG_DFL);
  }
  errno = 0;
}
