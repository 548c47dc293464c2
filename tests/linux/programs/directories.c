#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }
int main(void) {
  mkdir("many", 0755);
  chdir("many");
  char name[32];
  for (int i = 0; i < 300; i++) { sprintf(name, "file-%03d", i); close(open(name, O_CREAT | O_WRONLY, 0644)); }
  mkdir("sub", 0700); symlink("sub", "link");
  struct dirent **list;
  int n = scandir(".", &list, NULL, by_name);
  printf("%d\n", n);
  for (int i = 0; i < n; i++) if (i < 4 || i > n - 4) printf("%s %d\n", list[i]->d_name, list[i]->d_type);
  DIR *d = opendir(".");
  int removed = 0;
  struct dirent *e;
  while ((e = readdir(d))) if (e->d_name[0] == 'f') removed += unlink(e->d_name) == 0;
  closedir(d);
  printf("%d\n", removed);
  rmdir("sub"); unlink("link");
  char cwd[4096];
  getcwd(cwd, sizeof cwd);
  printf("%s\n", strrchr(cwd, '/'));
  chdir("..");
  printf("%d\n", rmdir("many"));
  return 0;
}
