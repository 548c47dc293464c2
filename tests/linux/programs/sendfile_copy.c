#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>
int main(void) {
  int a = open("source", O_RDWR | O_CREAT | O_TRUNC, 0600), b = open("target", O_RDWR | O_CREAT | O_TRUNC, 0600);
  for (int i = 0; i < 1000; i++) write(a, "0123456789", 10);
  off_t at = 5; printf("%zd %ld\n", sendfile(b, a, &at, 9000), (long)at);
  lseek(a, 9995, SEEK_SET); printf("%zd\n", sendfile(b, a, NULL, 100));
  char c[4] = {0}; pread(b, c, 3, 0); printf("%s %ld\n", c, (long)lseek(b, 0, SEEK_END));
  unlink("source"); unlink("target");
  return 0;
}
