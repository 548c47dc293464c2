/* A compiler: programs are written at random, read, parsed, folded, turned into code and run. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 88172645463325252u;
static uint32_t chance(uint32_t below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (uint32_t)(seed >> 32) % below;
}

/* Writing a program. */

enum { FUNCTIONS = 120, PARAMETERS = 3, LOCALS = 6 };
static char *text;
static size_t length;

#define SAY(...) (length += sprintf(text + length, __VA_ARGS__))

static void say_value(int depth, int function) {
  static const char *const operators[] = {"+", "-", "*", "/", "%", "<", "==", "&", "|", "^", ">>"};
  switch (depth > 0 ? chance(8) : chance(2)) {
    case 0: SAY("%u", chance(chance(2) ? 10 : 100000)); return;
    case 1: SAY("local_%u", chance(LOCALS)); return;
    case 2:
      if (function > 0) {
        SAY("function_%u(", chance(function));
        for (int one = 0; one < PARAMETERS; one++) {
          if (one) SAY(", ");
          say_value(0, 0);
        }
        SAY(")");
        return;
      } /* fall through */
    default:
      SAY("(");
      say_value(depth - 1, function);
      SAY(" %s ", operators[chance(11)]);
      say_value(depth - 1, chance(4) ? 0 : function);
      SAY(")");
  }
}

static void say_statement(int depth, int function, int indent) {
  int kind = depth > 0 ? chance(5) : 0;
  SAY("%*s", indent, "");
  if (kind <= 2) {
    SAY("local_%u = ", chance(LOCALS));
    int calls = kind == 0 && chance(3) == 0;
    say_value(2 + (int)chance(3), calls ? function : 0);
    SAY(";\n");
    return;
  }
  SAY(kind == 3 ? "if " : "repeat ");
  if (kind == 4) SAY("%u", 2 + chance(3));
  else say_value(2, 0);
  SAY(" {\n");
  for (int count = 1 + chance(3); count > 0; count--) say_statement(depth - 1, 0, indent + 2);
  SAY("%*s}", indent, "");
  if (kind == 3 && chance(2)) {
    SAY(" else {\n");
    say_statement(depth - 1, 0, indent + 2);
    SAY("%*s}", indent, "");
  }
  SAY("\n");
}

static void write_program(void) {
  length = 0;
  for (int one = 0; one < FUNCTIONS; one++) {
    SAY("# number %d of them\nfunction_%d {\n", one, one);
    for (int count = 6 + chance(10); count > 0; count--) say_statement(3, one > 8 ? one / 4 : one, 2);
    SAY("  return ");
    say_value(2, 0);
    SAY(";\n}\n\n");
  }
}

/* Reading it. */

enum { END, NUMBER, NAME, IF, ELSE, REPEAT, RETURN, EQUAL, SHIFT };
static const char *at;
static int token;
static int64_t number;
static const char *name;

typedef struct Entry {
  struct Entry *next;
  uint32_t hash;
  int kind, value;
  char text[];
} Entry;

static Entry *names[1024];

static Entry *intern(const char *from, size_t size) {
  uint32_t hash = 2166136261u;
  for (size_t one = 0; one < size; one++) hash = (hash ^ (uint8_t)from[one]) * 16777619;
  Entry **slot = &names[hash % 1024];
  for (Entry *one = *slot; one; one = one->next)
    if (one->hash == hash && !memcmp(one->text, from, size) && !one->text[size]) return one;
  Entry *made = calloc(1, sizeof *made + size + 1);
  memcpy(made->text, from, size);
  made->hash = hash;
  made->kind = NAME;
  made->value = -1;
  made->next = *slot;
  return *slot = made;
}

static Entry *entry;

static void next(void) {
  for (;; at++) {
    if (*at == '#') while (*at != '\n') at++;
    else if (!isspace((unsigned char)*at)) break;
  }
  if (isdigit((unsigned char)*at)) {
    for (number = 0; isdigit((unsigned char)*at); at++) number = number * 10 + *at - '0';
    token = NUMBER;
  } else if (isalpha((unsigned char)*at)) {
    const char *from = at;
    while (isalnum((unsigned char)*at) || *at == '_') at++;
    entry = intern(from, at - from);
    name = entry->text;
    token = entry->kind;
  } else if (at[0] == '=' && at[1] == '=') {
    at += 2;
    token = EQUAL;
  } else if (at[0] == '>' && at[1] == '>') {
    at += 2;
    token = SHIFT;
  } else token = *at ? *at++ : END;
}

static void expect(int wanted) {
  if (token != wanted) {
    fprintf(stderr, "token %d where %d belongs\n", token, wanted);
    exit(1);
  }
  next();
}

typedef struct Node {
  int kind;
  int64_t value;
  struct Node *left, *right, *third, *next;
} Node;

enum { CONSTANT = 256, LOCAL, CALL, BINARY, STORE, CHOICE, LOOP, GIVE };

static char *pool, *pool_at, *pool_end;

static Node *make(int kind, int64_t value, Node *left, Node *right) {
  if (pool_at + sizeof(Node) > pool_end) abort();
  Node *node = (Node *)pool_at;
  pool_at += sizeof(Node);
  *node = (Node){kind, value, left, right, NULL, NULL};
  return node;
}

static Node *parse_value(void);
static int function_count;

static int local_of(void) { return atoi(name + 6); }

static Node *parse_atom(void) {
  if (token == NUMBER) {
    Node *node = make(CONSTANT, number, NULL, NULL);
    next();
    return node;
  }
  if (token == '(') {
    next();
    Node *node = parse_value();
    expect(')');
    return node;
  }
  Entry *called = entry;
  int local = local_of();
  expect(NAME);
  if (token != '(') return make(LOCAL, local, NULL, NULL);
  next();
  Node *call = make(CALL, called->value, NULL, NULL), **last = &call->left;
  while (token != ')') {
    *last = parse_value();
    last = &(*last)->next;
    if (token == ',') next();
  }
  next();
  return call;
}

static int64_t apply(int operator, int64_t a, int64_t b) {
  switch (operator) {
    case '+': return (int64_t)((uint64_t)a + (uint64_t)b);
    case '-': return (int64_t)((uint64_t)a - (uint64_t)b);
    case '*': return (int64_t)((uint64_t)a * (uint64_t)b);
    case '/': return b ? (b == -1 ? (int64_t)-(uint64_t)a : a / b) : 0;
    case '%': return b && b != -1 ? a % b : 0;
    case '<': return a < b;
    case '&': return a & b;
    case '|': return a | b;
    case '^': return a ^ b;
    case EQUAL: return a == b;
    default: return a >> (b & 63);
  }
}

static int level(int operator) {
  switch (operator) {
    case '|': case '^': return 1;
    case '&': return 2;
    case EQUAL: return 3;
    case '<': return 4;
    case SHIFT: return 5;
    case '+': case '-': return 6;
    case '*': case '/': case '%': return 7;
    default: return 0;
  }
}

static Node *parse_level(int least) {
  Node *left = parse_atom();
  for (int operator; level(operator = token) >= least;) {
    next();
    Node *right = parse_level(level(operator) + 1);
    if (left->kind == CONSTANT && right->kind == CONSTANT)
      left = make(CONSTANT, apply(operator, left->value, right->value), NULL, NULL);
    else left = make(BINARY, operator, left, right);
  }
  return left;
}

static Node *parse_value(void) { return parse_level(1); }

static Node *parse_block(void);

static Node *parse_statement(void) {
  if (token == IF) {
    next();
    Node *condition = parse_value();
    Node *node = make(CHOICE, 0, condition, parse_block());
    if (token == ELSE) {
      next();
      node->third = parse_block();
    }
    return node;
  }
  if (token == REPEAT) {
    next();
    Node *count = parse_value();
    return make(LOOP, 0, count, parse_block());
  }
  if (token == RETURN) {
    next();
    Node *node = make(GIVE, 0, parse_value(), NULL);
    expect(';');
    return node;
  }
  int local = local_of();
  expect(NAME);
  expect('=');
  Node *node = make(STORE, local, parse_value(), NULL);
  expect(';');
  return node;
}

static Node *parse_block(void) {
  Node *first = NULL, **last = &first;
  expect('{');
  while (token != '}') {
    *last = parse_statement();
    last = &(*last)->next;
  }
  next();
  return first;
}

/* Turning it into code for a machine with a stack. */

enum { PUSH, LOAD, SAVE, OPERATE, INVOKE, JUMP, UNLESS, COUNT, AGAIN, LEAVE };
typedef struct {
  int operation, argument;
  int64_t value;
} Instruction;

static Instruction *code;
static int code_length;
static int starts[FUNCTIONS];

static int emit(int operation, int argument, int64_t value) {
  code[code_length] = (Instruction){operation, argument, value};
  return code_length++;
}

static void generate_value(const Node *node) {
  switch (node->kind) {
    case CONSTANT: emit(PUSH, 0, node->value); break;
    case LOCAL: emit(LOAD, (int)node->value, 0); break;
    case CALL:
      for (const Node *one = node->left; one; one = one->next) generate_value(one);
      emit(INVOKE, (int)node->value, 0);
      break;
    default:
      generate_value(node->left);
      generate_value(node->right);
      emit(OPERATE, (int)node->value, 0);
  }
}

static void generate(const Node *node) {
  for (; node; node = node->next) {
    generate_value(node->left);
    if (node->kind == STORE) emit(SAVE, (int)node->value, 0);
    else if (node->kind == GIVE) emit(LEAVE, 0, 0);
    else if (node->kind == CHOICE) {
      int jump = emit(UNLESS, 0, 0);
      generate(node->right);
      int over = emit(JUMP, 0, 0);
      code[jump].argument = code_length;
      generate(node->third);
      code[over].argument = code_length;
    } else {
      int top = emit(COUNT, 0, 0);
      generate(node->right);
      emit(AGAIN, top, 0);
      code[top].argument = code_length;
    }
  }
}

static void compile(void) {
  pool_at = pool;
  code_length = function_count = 0;
  at = text;
  for (next(); token != END;) {
    entry->value = function_count;
    starts[function_count++] = code_length;
    expect(NAME);
    generate(parse_block());
  }
}

/* Running it. */

static int64_t stack[1 << 16];
static long steps;

static int64_t run(int function, int64_t *frame) {
  int64_t *top = frame + LOCALS;
  memset(frame + PARAMETERS, 0, (LOCALS - PARAMETERS) * sizeof *frame);
  for (const Instruction *now = code + starts[function];; now++) {
    steps++;
    switch (now->operation) {
      case PUSH: *top++ = now->value; break;
      case LOAD: *top++ = frame[now->argument]; break;
      case SAVE: frame[now->argument] = *--top; break;
      case OPERATE: top--, top[-1] = apply(now->argument, top[-1], *top); break;
      case JUMP: now = code + now->argument - 1; break;
      case UNLESS: if (!*--top) now = code + now->argument - 1; break;
      case COUNT: if (*--top <= 0) now = code + now->argument - 1; else top++; break;
      case AGAIN: --top[-1], now = code + now->argument - 1; break;
      case INVOKE:
        top -= PARAMETERS;
        *top = steps < 400000 ? run(now->argument, top) : 1;
        top++;
        break;
      case LEAVE: return *--top;
    }
  }
}

int main(int argc, char **argv) {
  static const char *const keywords[] = {"if", "else", "repeat", "return"};
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  for (int one = 0; one < 4; one++) intern(keywords[one], strlen(keywords[one]))->kind = IF + one;
  text = malloc(16 << 20);
  pool = malloc(64 << 20);
  pool_end = pool + (64 << 20);
  code = malloc(sizeof *code << 20);
  uint64_t sum = 0;
  size_t read = 0;
  for (int round = 0; round < rounds; round++) {
    write_program();
    compile();
    read += length;
    for (int one = 0; one < FUNCTIONS; one++) {
      steps = 0;
      stack[0] = one, stack[1] = round, stack[2] = 7;
      sum = sum * 31 + (uint64_t)run(one, stack);
    }
  }
  printf("%zu bytes, %d instructions, %016llx\n", read, code_length, (unsigned long long)sum);
  return 0;
}
