// The library's tables, trees, lists and sorts.
#define _GNU_SOURCE
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) { return strcmp(a, b); }
static int numbers(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int with(const void *a, const void *b, void *sign) { return numbers(a, b) * *(int *)sign; }
static void walk(const void *node, VISIT when, int depth) {
  if (when == postorder || when == leaf) printf("%s ", *(const char *const *)node);
}

int main(void) {
  static char words[][8] = {"pear", "apple", "fig", "plum", "kiwi", "date", "lime", "melon"};
  void *tree = NULL;
  for (int one = 0; one < 8; one++) tsearch(words[one], &tree, compare);
  twalk(tree, walk);
  printf("\nfound %s, not %p\n", *(char **)tfind("kiwi", &tree, compare), tfind("nut", &tree, compare));
  tdelete("fig", &tree, compare);
  twalk(tree, walk);
  hcreate(32);
  for (long one = 0; one < 8; one++) hsearch((ENTRY){words[one], (void *)one}, ENTER);
  ENTRY *found = hsearch((ENTRY){"lime"}, FIND);
  printf("\n%ld %p\n", (long)found->data, (void *)hsearch((ENTRY){"nut"}, FIND));
  hdestroy();
  int list[16] = {5, 3, 9}, three = 3, seven = 7;
  size_t count = 3;
  printf("%td ", (int *)lfind(&three, list, &count, sizeof(int), numbers) - list);
  printf("%td ", (int *)lsearch(&seven, list, &count, sizeof(int), numbers) - list);
  printf("%zu\n", count);
  struct node { struct node *next, *previous; int value; } nodes[3] = {{0, 0, 1}, {0, 0, 2}, {0, 0, 3}};
  insque(&nodes[0], NULL);
  insque(&nodes[1], &nodes[0]);
  insque(&nodes[2], &nodes[0]);
  for (struct node *one = nodes; one; one = one->next) printf("%d ", one->value);
  remque(&nodes[2]);
  printf("%d\n", nodes[0].next->value);
  int many[50], sign = -1;
  for (int one = 0; one < 50; one++) many[one] = one * 7919 % 101;
  qsort(many, 50, sizeof(int), numbers);
  int key = many[20];
  printf("%td\n", (int *)bsearch(&key, many, 50, sizeof(int), numbers) - many);
  qsort_r(many, 50, sizeof(int), with, &sign);
  for (int one = 0; one < 50; one += 7) printf("%d ", many[one]);
  puts("");
  return 0;
}
