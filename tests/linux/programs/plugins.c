// Dynamic only. Libraries that are loaded while the program runs.
// Only on RISC-V: versions of functions begin with the first library for it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

static int found;
static int visit(struct dl_phdr_info *info, size_t size, void *wanted) {
  if (strstr(info->dlpi_name, wanted)) found++;
  return 0;
}
static int look(const char *name) {
  found = 0;
  dl_iterate_phdr(visit, (void *)name);
  return found;
}
int exported(int value) { return value + 1; }

int main(void) {
  printf("before %d\n", look("libBrokenLocale"));
  void *library = dlopen("libBrokenLocale.so.1", RTLD_NOW);
  printf("opened %d, there %d\n", library != NULL, look("libBrokenLocale"));
  size_t (*most)(void) = dlsym(library, "__ctype_get_mb_cur_max");
  printf("calls %zu\n", most ? most() : 0);
  printf("missing %d: %d\n", dlsym(library, "no_such_symbol") == NULL, dlerror() != NULL);
  printf("close %d\n", dlclose(library));
  printf("no library %d\n", dlopen("libnothing.so.9", RTLD_LAZY) == NULL);
  char *why = dlerror();
  printf("%d\n", strstr(why, "libnothing.so.9: cannot open shared object file: No such file") != NULL);
  void *self = dlopen(NULL, RTLD_NOW);
  double (*cosine)(double) = dlsym(RTLD_DEFAULT, "cos");
  void *maths = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
  cosine = dlsym(maths, "cos");
  printf("%f, self %d\n", cosine(0), self != NULL);
  Dl_info about;
  printf("%d %s\n", dladdr(cosine, &about) != 0, strrchr(about.dli_fname, '/'));
  printf("versioned %d\n", dlvsym(maths, "exp", "GLIBC_2.29") != NULL);
  return 0;
}
