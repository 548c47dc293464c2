/* A compressor: text is made, squeezed by LZ77 and Huffman codes, unpacked again and compared. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 1 << 15, HASHES = 1 << 15, SHORTEST = 4, LONGEST = 258, TRIES = 24, BLOCK = 1 << 16 };
enum { LITERALS = 256, LENGTHS = 32, SYMBOLS = LITERALS + LENGTHS, DEEPEST = 15 };

static uint32_t seed = 12345;
static uint32_t chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  return seed ^= seed << 5;
}

static const char *const words[] = {
    "the", "kernel", "hands", "a", "page", "to", "every", "task", "that", "asks", "and", "takes",
    "it", "back", "when", "nobody", "reads", "from", "an", "address", "which", "was", "mapped",
    "before", "it", "could", "be", "written", "by", "others", "of", "its", "group", "with", "rights"};

static size_t make_text(uint8_t *text, size_t size) {
  size_t at = 0;
  uint32_t before = 0;
  while (at + 32 < size) {
    /* Words follow words as they did before, most of the time. */
    uint32_t word = chance() % 4 ? (before * 7 + chance() % 5) % 35 : chance() % 35;
    at += sprintf((char *)text + at, chance() % 11 ? "%s " : "%s.\n", words[word]);
    if (chance() % 23 == 0) at += sprintf((char *)text + at, "%u ", chance() % 100000);
    before = word;
  }
  return at;
}

typedef struct {
  uint8_t *bytes;
  size_t at;
  uint64_t pending;
  int count;
} Bits;

static void put_bits(Bits *out, uint32_t value, int count) {
  out->pending |= (uint64_t)value << out->count;
  out->count += count;
  while (out->count >= 8) {
    out->bytes[out->at++] = out->pending;
    out->pending >>= 8;
    out->count -= 8;
  }
}

static uint32_t take_bits(Bits *in, int count) {
  while (in->count < count) {
    in->pending |= (uint64_t)in->bytes[in->at++] << in->count;
    in->count += 8;
  }
  uint32_t value = in->pending & ((1u << count) - 1);
  in->pending >>= count;
  in->count -= count;
  return value;
}

typedef struct {
  uint16_t length, distance; /* A literal has the length 0, and is its distance. */
} Token;

static int head[HASHES], chain[WINDOW];

static uint32_t hash(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, 4);
  return word * 2654435761u >> 17;
}

static int match(const uint8_t *text, size_t at, size_t end, int *distance) {
  int best = SHORTEST - 1;
  int most = end - at < LONGEST ? (int)(end - at) : LONGEST;
  int candidate = head[hash(text + at)];
  for (int tries = 0; tries < TRIES && candidate >= 0 && at - candidate < WINDOW; tries++) {
    const uint8_t *old = text + candidate, *now = text + at;
    if (old[best] == now[best]) {
      int length = 0;
      while (length < most && old[length] == now[length]) length++;
      if (length > best) {
        best = length;
        *distance = (int)(at - candidate);
        if (length == most) break;
      }
    }
    candidate = chain[candidate % WINDOW];
  }
  return best;
}

static void remember(const uint8_t *text, size_t at) {
  uint32_t slot = hash(text + at);
  chain[at % WINDOW] = head[slot];
  head[slot] = (int)at;
}

static size_t find_tokens(const uint8_t *text, size_t from, size_t to, size_t end, Token *tokens) {
  size_t count = 0;
  for (size_t at = from; at < to; count++) {
    int distance = 0, length = at + SHORTEST < to ? match(text, at, to, &distance) : 0;
    if (length < SHORTEST) {
      tokens[count] = (Token){0, text[at]};
      length = 1;
    } else tokens[count] = (Token){length, distance};
    for (int one = 0; one < length; one++, at++) if (at + SHORTEST < end) remember(text, at);
  }
  return count;
}

static int magnitude(uint32_t value) { return 32 - __builtin_clz(value); }

typedef struct {
  uint8_t length[SYMBOLS];
  uint16_t code[SYMBOLS];
} Code;

/* The lengths of codes, by joining the two rarest until one is left. */
static void find_lengths(const uint32_t *given, uint8_t *length) {
  uint32_t weight[2 * SYMBOLS];
  int16_t parent[2 * SYMBOLS];
  int alive[SYMBOLS], count = 0, next = SYMBOLS;
  for (int one = 0; one < SYMBOLS; one++) {
    weight[one] = given[one];
    length[one] = 0;
    if (given[one]) alive[count++] = one;
  }
  if (count == 1) length[alive[0]] = 1;
  while (count > 1) {
    for (int pick = 0; pick < 2; pick++) {
      int best = pick;
      for (int one = pick + 1; one < count; one++)
        if (weight[alive[one]] < weight[alive[best]]) best = one;
      int swap = alive[pick];
      alive[pick] = alive[best];
      alive[best] = swap;
    }
    weight[next] = weight[alive[0]] + weight[alive[1]];
    parent[alive[0]] = parent[alive[1]] = next;
    alive[0] = next++;
    alive[1] = alive[--count];
  }
  for (int one = 0; one < SYMBOLS; one++) {
    if (!given[one] || length[one]) continue;
    for (int at = one; at != next - 1; at = parent[at]) length[one]++;
  }
}

static void assign_codes(Code *code) {
  uint16_t next = 0;
  for (int length = 1; length <= DEEPEST; length++, next <<= 1) {
    for (int one = 0; one < SYMBOLS; one++) {
      if (code->length[one] != length) continue;
      uint16_t reversed = 0;
      for (int bit = 0; bit < length; bit++) reversed |= (next >> bit & 1) << (length - 1 - bit);
      code->code[one] = reversed;
      next++;
    }
  }
}

static void make_code(const Token *tokens, size_t count, Code *code) {
  uint32_t weight[SYMBOLS] = {0};
  for (size_t one = 0; one < count; one++)
    weight[tokens[one].length ? LITERALS + magnitude(tokens[one].length) : tokens[one].distance]++;
  for (;;) {
    int deepest = 0;
    find_lengths(weight, code->length);
    for (int one = 0; one < SYMBOLS; one++) if (code->length[one] > deepest) deepest = code->length[one];
    if (deepest <= DEEPEST) break;
    for (int one = 0; one < SYMBOLS; one++) if (weight[one]) weight[one] = weight[one] / 2 + 1;
  }
  assign_codes(code);
}

static void write_block(Bits *out, const Token *tokens, size_t count) {
  Code code;
  make_code(tokens, count, &code);
  put_bits(out, count & 0xffff, 16);
  put_bits(out, count >> 16, 16);
  for (int one = 0; one < SYMBOLS; one++) put_bits(out, code.length[one], 4);
  for (size_t one = 0; one < count; one++) {
    Token token = tokens[one];
    if (!token.length) {
      put_bits(out, code.code[token.distance], code.length[token.distance]);
      continue;
    }
    int size = magnitude(token.length), far = magnitude(token.distance);
    put_bits(out, code.code[LITERALS + size], code.length[LITERALS + size]);
    put_bits(out, token.length - (1 << (size - 1)), size - 1);
    put_bits(out, far, 5);
    put_bits(out, token.distance - (1 << (far - 1)), far - 1);
  }
}

static size_t squeeze(const uint8_t *text, size_t size, uint8_t *packed) {
  static Token tokens[BLOCK];
  Bits out = {packed, 0, 0, 0};
  memset(head, -1, sizeof head);
  for (size_t from = 0; from < size; from += BLOCK) {
    size_t to = from + BLOCK < size ? from + BLOCK : size;
    write_block(&out, tokens, find_tokens(text, from, to, size, tokens));
  }
  put_bits(&out, 0, 32 - 1);
  put_bits(&out, 0, 32 - 1);
  return out.at;
}

static void make_table(const Code *code, uint16_t *table) {
  for (int one = 0; one < SYMBOLS; one++) {
    int length = code->length[one];
    if (!length) continue;
    for (uint32_t at = code->code[one]; at < 1u << DEEPEST; at += 1u << length)
      table[at] = (uint16_t)(one << 4 | length);
  }
}

static size_t unpack(uint8_t *packed, size_t size, uint8_t *text) {
  static uint16_t table[1 << DEEPEST];
  Bits in = {packed, 0, 0, 0};
  size_t at = 0;
  while (at < size) {
    Code code;
    size_t count = take_bits(&in, 16);
    count |= (size_t)take_bits(&in, 16) << 16;
    for (int one = 0; one < SYMBOLS; one++) code.length[one] = take_bits(&in, 4);
    assign_codes(&code);
    make_table(&code, table);
    while (count--) {
      while (in.count < DEEPEST) {
        in.pending |= (uint64_t)in.bytes[in.at++] << in.count;
        in.count += 8;
      }
      uint16_t found = table[in.pending & ((1 << DEEPEST) - 1)];
      in.pending >>= found & 15;
      in.count -= found & 15;
      int symbol = found >> 4;
      if (symbol < LITERALS) {
        text[at++] = symbol;
        continue;
      }
      int bits = symbol - LITERALS - 1;
      int length = (1 << bits) + (int)take_bits(&in, bits), far = (int)take_bits(&in, 5) - 1;
      int distance = (1 << far) + (int)take_bits(&in, far);
      for (; length--; at++) text[at] = text[at - distance];
    }
  }
  return at;
}

int main(int argc, char **argv) {
  size_t size = (size_t)atoi(argv[1]) << 20;
  int rounds = argc > 2 ? atoi(argv[2]) : 1;
  uint8_t *text = malloc(size), *packed = malloc(size + (size >> 1)), *again = malloc(size + LONGEST);
  size = make_text(text, size);
  for (int round = 0; round < rounds; round++) {
    size_t small = squeeze(text, size, packed);
    if (unpack(packed, size, again) != size || memcmp(text, again, size)) return 1;
    printf("%zu bytes are %zu\n", size, small);
  }
  return 0;
}
