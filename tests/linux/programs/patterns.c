// Regular expressions, file patterns, words, and directories that are walked.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

static void try(const char *pattern, const char *text, int flags) {
  regex_t regex;
  regmatch_t found[4];
  char why[64];
  int status = regcomp(&regex, pattern, flags);
  if (status) {
    regerror(status, &regex, why, sizeof why);
    printf("%s: %s\n", pattern, why);
    return;
  }
  status = regexec(&regex, text, 4, found, 0);
  printf("%s on %s:", pattern, text);
  for (int one = 0; status == 0 && one < 4; one++) printf(" %d-%d", (int)found[one].rm_so, (int)found[one].rm_eo);
  puts(status ? " no" : "");
  regfree(&regex);
}
static int visit(const char *path, const struct stat *about, int kind, struct FTW *at) {
  printf("%d %d %s\n", at->level, kind, path);
  return 0;
}

int main(void) {
  try("a+b*", "xxaaabc", REG_EXTENDED);
  try("^(([a-z]+)@([a-z.]+))$", "me@some.where", REG_EXTENDED);
  try("\\(ab\\)*\\1", "xababab", 0);
  try("[[:digit:]]{2,3}", "a1b234567", REG_EXTENDED);
  try("HELLO", "say hello", REG_ICASE);
  try("a|b|(cd)", "zzcd", REG_EXTENDED);
  try("(", "x", REG_EXTENDED);
  try("[z-a]", "x", 0);
  try("x*", "", REG_EXTENDED);
  printf("%d %d %d %d\n", fnmatch("*.c", "main.c", 0), fnmatch("[!a]*", "abc", 0),
         fnmatch("*/b", "a/x/b", FNM_PATHNAME), fnmatch("*", ".hidden", FNM_PERIOD));
  mkdir("patterns", 0700);
  mkdir("patterns/sub", 0700);
  close(open("patterns/one.txt", O_CREAT | O_WRONLY, 0600));
  close(open("patterns/two.txt", O_CREAT | O_WRONLY, 0600));
  close(open("patterns/sub/deep.c", O_CREAT | O_WRONLY, 0600));
  glob_t found;
  printf("glob %d", glob("patterns/*.txt", 0, NULL, &found));
  for (size_t one = 0; one < found.gl_pathc; one++) printf(" %s", found.gl_pathv[one]);
  printf("\nnone %d\n", glob("patterns/*.x", 0, NULL, &found) == GLOB_NOMATCH);
  struct dirent **names;
  int count = scandir("patterns", &names, NULL, alphasort);
  for (int one = 0; one < count; one++) printf("%s %d\n", names[one]->d_name, names[one]->d_type);
  int chosen = nftw("patterns/sub", visit, 8, FTW_PHYS | FTW_DEPTH);
  wordexp_t words;
  setenv("NAME", "value", 1);
  printf("%d words %d", chosen, wordexp("a \"b c\" $NAME d*", &words, 0));
  for (size_t one = 0; one < words.we_wordc; one++) printf(" <%s>", words.we_wordv[one]);
  puts("");
  unlink("patterns/sub/deep.c");
  unlink("patterns/one.txt");
  unlink("patterns/two.txt");
  printf("%d %d\n", rmdir("patterns/sub"), rmdir("patterns"));
  return 0;
}
