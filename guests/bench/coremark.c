/* What CoreMark mixes: a linked list, a small matrix, a state machine over text, and a CRC. */
#include "bench.h"

static NOINLINE u16 crc8(u8 data, u16 crc) {
  for (int i = 0; i < 8; i++) {
    u8 carry = (u8)((data & 1) ^ (crc & 1));
    data >>= 1;
    if (carry) {
      crc ^= 0x4002;
      crc >>= 1;
      crc |= 0x8000;
    } else {
      crc >>= 1;
    }
  }
  return crc;
}

static NOINLINE u16 crc16(u16 value, u16 crc) { return crc8((u8)(value >> 8), crc8((u8)value, crc)); }

struct node {
  struct node *next;
  i16 *info;
};

static struct node nodes[40];
static i16 infos[80], left[100], right[100];
static i32 product[100];

static NOINLINE struct node *reverse(struct node *list) {
  struct node *done = 0;
  while (list) {
    struct node *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

static NOINLINE struct node *find(struct node *list, i16 value) {
  while (list && (list->info[0] & 0xff) != value) list = list->next;
  return list;
}

static NOINLINE u16 matrix(int n, i16 value) {
  for (int i = 0; i < n * n; i++) left[i] = (i16)(left[i] + value);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      i32 sum = 0;
      for (int k = 0; k < n; k++) sum += (i32)left[i * n + k] * (i32)right[k * n + j];
      product[i * n + j] = sum;
    }
  i32 sum = 0;
  u16 result = 0;
  for (int i = 0; i < n * n; i++) {
    sum += product[i];
    if (sum > 500) {
      result = (u16)(result + 10);
      sum = 0;
    } else {
      result = (u16)(result + (product[i] > 0));
    }
  }
  for (int i = 0; i < n * n; i++) left[i] = (i16)(left[i] - value);
  return result;
}

static const char *const texts[8] = {
  "5012", "1234", "-874", "+122", "35.54400", ".1234500", "-110.700", "T0.3e-1F",
};

static int digit(char c) { return c >= '0' && c <= '9'; }

static NOINLINE int scan(const char *p, int *counts) {
  int state = 0;
  for (; *p && *p != ','; p++) {
    char c = *p;
    switch (state) {
      case 0: state = digit(c) ? 4 : c == '+' || c == '-' ? 2 : c == '.' ? 5 : 1; break;
      case 2: state = digit(c) ? 4 : c == '.' ? 5 : 1; break;
      case 4: state = c == '.' ? 5 : digit(c) ? 4 : 1; break;
      case 5: state = c == 'E' || c == 'e' ? 3 : digit(c) ? 5 : 1; break;
      case 3: state = c == '+' || c == '-' ? 6 : 1; break;
      case 6: state = digit(c) ? 7 : 1; break;
      default: break;
    }
    counts[state]++;
  }
  return state;
}

u64 kernel(void) {
  for (int i = 0; i < 40; i++) {
    nodes[i].next = i < 39 ? &nodes[i + 1] : 0;
    infos[i * 2] = (i16)((i * 37) & 0xff);
    infos[i * 2 + 1] = (i16)i;
    nodes[i].info = &infos[i * 2];
  }
  for (int i = 0; i < 81; i++) {
    left[i] = (i16)(i * 3);
    right[i] = (i16)(i * 5 - 7);
  }
  struct node *list = nodes;
  u16 crc = 0;
  int counts[8] = {0};
  for (int round = 0; round < 220000; round++) {
    for (int f = 0; f < 8; f++) {
      struct node *found = find(list, (i16)((f * 37) & 0xff));
      list = reverse(list);
      if (found) crc = crc16((u16)found->info[1], crc);
    }
    crc = crc16(matrix(9, (i16)(round & 7)), crc);
    for (int i = 0; i < 16; i++) crc = crc16((u16)scan(texts[i & 7], counts), crc);
    crc = crc16((u16)counts[4], crc);
  }
  return crc;
}
