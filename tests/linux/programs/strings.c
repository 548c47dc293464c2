// Memory and strings at every alignment and length, beside pages that must not be touched.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define PAGE 4096
static unsigned char *page;
static uint64_t mixed;
static void mix(long value) { mixed = (mixed ^ (uint64_t)value) * 0x9e3779b97f4a7c15u + 1; }
static void say(const char *what) {
  printf("%s %016llx\n", what, (unsigned long long)mixed);
  mixed = 0;
}

// A copy of what is given whose last byte is the last before a page that must not be touched.
static char *at_end(const char *text, size_t size) { return memcpy(page + PAGE - size, text, size); }
#define AT_END(text) at_end(text, sizeof text)

static void copies(void) {
  unsigned char to[160], from[160];
  for (int one = 0; one < 160; one++) from[one] = one * 7 + 1;
  for (int a = 0; a < 9; a++)
    for (int b = 0; b < 9; b++)
      for (int size = 0; size < 80; size += 1 + size / 24) {
        memset(to, 0xee, sizeof to);
        mix(memcpy(to + 8 + a, from + b, size) == to + 8 + a);
        for (int one = 0; one < 112; one++) mix(to[one]);
      }
  say("memcpy");
  for (int a = 0; a < 20; a++)
    for (int b = 0; b < 20; b++)
      for (int size = 0; size < 70; size += 13) {
        memcpy(to, from, sizeof to);
        memmove(to + a, to + b, size);
        for (int one = 0; one < 96; one++) mix(to[one]);
      }
  say("memmove");
  for (int a = 0; a < 9; a++)
    for (int size = 0; size < 100; size++) {
      memset(to, 3, sizeof to);
      mix(memset(to + 8 + a, 0x1234, size) == to + 8 + a);
      for (int one = 0; one < 128; one += 3) mix(to[one]);
      bzero(to + a, size / 2);
      mix(to[a]);
    }
  say("memset");
  char text[64];
  for (int size = 0; size < 40; size++) {
    char *source = (char *)page + PAGE - size - 1;
    memset(source, 'a' + size % 26, size), source[size] = 0;
    mix(stpcpy(text, source) - text), mix(strlen(text)), mix(strnlen(source, 17)), mix(strncpy(text, source, 20)[19]);
    text[20] = 0;
    mix(stpncpy(text, source, 30) - text);
    strcpy(text, "begin ");
    mix(strncat(text, source, 12)[17]), mix(strlen(text)), mix((long)memccpy(text, source, 'b', size) != 0);
  }
  say("strcpy");
}
static void searches(void) {
  for (int size = 1; size < 70; size++)
    for (int where = 0; where < size; where += 3) {
      char *text = (char *)page + PAGE - size;
      memset(text, 'x', size);
      mix(memchr(text, 'y', size) == NULL), mix(memrchr(text, 'y', size) == NULL);
      text[where] = 'y';
      mix((char *)memchr(text, 'y', size) - text), mix((char *)memrchr(text, 'y', size) - text), mix((char *)rawmemchr(text, 'y') - text);
      text[size - 1] = 0;
      char *found = strchr(text, 'y');
      mix(found ? found - text : -1), mix(strchrnul(text, 'y') - text), mix(strrchr(text, 0) - text), mix(strlen(text));
      mix(strcspn(text, "zy")), mix(strspn(text, "x")), mix(strpbrk(text, "y") == found);
    }
  say("memchr");
  for (int first = 1; first < 256; first += 5) {
    char text[4] = {first, first ^ 0x80, first + 1, 0}, set[3] = {first + 1, 0, 0};
    mix(strcspn(text, set)), mix(strspn(text, text)), mix(strchr(text, first ^ 0x80) ? 1 : 0);
    mix(strcmp(text, set) < 0), mix(memcmp(text, set, 2) < 0), mix(strcasecmp(text, set) < 0), mix(strncmp(text, set, 0));
  }
  say("strcspn");
}
static void inside(void) {
  static const char *const parts[] = {"", "a", "ab", "ba", "aab", "aba", "abab", "aaaab", "abaab", "babab", "aabaabaaab", "ababababab", "abcabcabd"};
  char text[128];
  for (uint32_t seed = 1; seed < 60; seed++) {
    uint32_t state = seed;
    for (int one = 0; one < 120; one++) state = state * 1664525 + 1013904223, text[one] = 'a' + (state >> 28) % (seed % 3 + 2);
    text[120] = 0;
    char *edge = at_end(text + seed, 121 - seed);
    for (int one = 0; one < 13; one++) {
      char *found = strstr(edge, parts[one]), *same = memmem(edge, strlen(edge), parts[one], strlen(parts[one]));
      mix(found ? found - edge : -1), mix(found == same), mix(strcasestr(edge, parts[one]) == found);
    }
  }
  say("strstr");
  char *edge = at_end("abcde", 5);
  printf("%d %d %d", memmem(edge, 5, "cdef", 4) == NULL, memmem(edge, 5, "de", 2) == edge + 3, memmem(edge, 0, "", 0) == edge);
  edge = at_end("bcabcd", 6);
  printf(" %d %d\n", memmem(edge, 6, "abcde", 5) == NULL, memmem(edge, 6, "abcdef", 7) == NULL);
  wchar_t *wide = (wchar_t *)(page + PAGE) - 3;
  wide[0] = L'a', wide[1] = L'b', wide[2] = 0;
  wchar_t room[8];
  wmemset(room, L'#', 8);
  printf("%d", wcsncpy(room, wide, 2) == room);
  printf(" %d %d", room[2] == L'#', wcsstr(wide, L"b") == wide + 1);
  wide[2] = L'c';
  wcsncpy(room, wide, 3);
  printf(" %d %zu\n", room[2] == L'c', wcsnlen(wide, 3));
}
static void compares(void) {
  for (int size = 0; size < 40; size++)
    for (int where = 0; where <= size; where += 3) {
      char *one = (char *)page + PAGE - size - 1, two[64];
      memset(one, 'm', size), one[size] = 0;
      memcpy(two, one, size + 1);
      if (where < size) two[where] = where % 2 ? 'a' : '\xf0';
      mix(strcmp(one, two) < 0), mix(strcmp(one, two) > 0), mix(memcmp(one, two, size) < 0), mix(strncmp(one, two, where) == 0);
      mix(strncmp(one, two, where + 1) < 0), mix(bcmp(one, two, size) != 0);
    }
  say("strcmp");
  static const char *const versions[] = {"", "0", "00", "01", "010", "09", "1", "9", "10", "a", "a0", "a01", "a1", "a1b", "a10", "~"};
  for (int one = 0; one < 16; one++)
    for (int two = 0; two < 16; two++) {
      int how = strverscmp(versions[one], versions[two]);
      mix(how < 0 ? -1 : how > 0);
    }
  say("strverscmp");
  char text[] = ",a,,b;c", *rest, *copy = strndup("duplicate", 3);
  printf("%s %s", copy, strsignal(11));
  for (char *part = strtok_r(text, ",;", &rest); part; part = strtok_r(NULL, ",;", &rest)) printf(" <%s>", part);
  char swapped[] = "abcdef", fried[5] = "four";
  swab("badcfe", swapped, 6);
  printf(" %s %s %s\n", swapped, strerrorname_np(11), strfry(fried) == fried ? basename("/x/base") : "");
  free(copy);
}

int main(void) {
  unsigned char *area = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page = area + PAGE;
  mprotect(page, PAGE, PROT_READ | PROT_WRITE);
  copies(), searches(), inside(), compares();
  return 0;
}
