// What a program is given: its arguments, its environment, its name, and that all of it is its own to change.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;
static int all_digits_end(const char *text) { return text[strlen(text)] == 0; }

int main(int argc, char **argv, char **envp) {
  printf("count %d, first %d, last %d\n", argc, argv[0] != NULL, argv[argc] == NULL);
  const char *slash = strrchr(argv[0], '/');
  printf("name %s, the library's %s\n", slash ? slash + 1 : argv[0], program_invocation_short_name);
  printf("whole name %d\n", !strcmp(program_invocation_name, argv[0]));
  printf("environment %d, after arguments %d\n", environ == envp, envp == argv + argc + 1);
  int ends = 1, joined = 1;
  for (int one = 0; one < argc; one++) ends &= all_digits_end(argv[one]);
  for (char **one = envp; *one && one[1]; one++) joined &= one[0] + strlen(one[0]) + 1 == one[1];
  printf("ends %d, strings side by side %d\n", ends, joined);
  char kept = argv[0][0];
  argv[0][0] = 'X';
  printf("written %c", argv[0][0]);
  argv[0][0] = kept;
  printf(" and back %d\n", argv[0][0] == kept);
  printf("clear %d, now empty %d\n", clearenv(), environ == NULL || *environ == NULL);
  printf("none %d\n", getenv("PATH") == NULL);
  setenv("FIRST", "1", 1);
  printf("%s", getenv("FIRST"));
  static char pair[] = "PAIR=old";
  putenv(pair);
  strcpy(pair + 5, "new");
  printf(" %s", getenv("PAIR"));
  setenv("PAIR", "mine", 1);
  printf(" %s, the string is %s\n", getenv("PAIR"), pair);
  unsetenv("PAIR");
  putenv(pair);
  putenv(pair);
  printf("%s", getenv("PAIR"));
  putenv("PAIR");
  printf(" taken away %d\n", getenv("PAIR") == NULL);
  const char *bad[] = {"", "a=b", NULL};
  for (int one = 0; one < 2; one++) {
    errno = 0;
    printf("setenv %d", setenv(bad[one], "x", 1));
    printf(" %s, ", strerror(errno));
    errno = 0;
    printf("unsetenv %d", unsetenv(bad[one]));
    printf(" %s\n", strerror(errno));
  }
  for (int one = 0; one < 200; one++) {
    char name[16];
    sprintf(name, "N%d", one);
    setenv(name, name + 1, 1);
  }
  for (int one = 0; one < 200; one += 2) {
    char name[16];
    sprintf(name, "N%d", one);
    unsetenv(name);
  }
  int left = 0;
  for (char **one = environ; *one; one++) left += (*one)[0] == 'N';
  printf("left %d, N7 %s, N8 %d, secure %s\n", left, getenv("N7"), getenv("N8") == NULL, secure_getenv("N9"));
  return 0;
}
