/* A Lisp: a reader, an evaluator with closures and tail calls, a collector, and programs for it. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Cell Cell;
typedef Cell *(*Native)(Cell *arguments);

enum { FREE, PAIR, INTEGER, SYMBOL, NATIVE, CLOSURE };
struct Cell {
  uint8_t kind, marked;
  union {
    struct { Cell *head, *tail; };
    long integer;
    struct { const char *name; Cell *value; };
    Native native;
    struct { Cell *code, *scope; };
  };
};

enum { CELLS = 1 << 19, ROOTS = 1 << 16 };
static Cell *cells, *unused;
static Cell *symbols, *nothing, *truth;
static Cell *is_quote, *is_if, *is_lambda, *is_define, *is_set, *is_let, *is_begin, *is_while;
static Cell **roots[ROOTS];
static int root_count;
static long collections;

static void mark(Cell *cell) {
  while (cell && !cell->marked) {
    cell->marked = 1;
    switch (cell->kind) {
      case PAIR: mark(cell->head); cell = cell->tail; break;
      case SYMBOL: cell = cell->value; break;
      case CLOSURE: mark(cell->code); cell = cell->scope; break;
      default: return;
    }
  }
}

static void collect(void) {
  mark(symbols);
  mark(nothing);
  for (int one = 0; one < root_count; one++) mark(*roots[one]);
  unused = NULL;
  for (int one = 0; one < CELLS; one++) {
    if (cells[one].marked) cells[one].marked = 0;
    else {
      cells[one].kind = FREE;
      cells[one].tail = unused;
      unused = &cells[one];
    }
  }
  collections++;
  if (!unused) {
    fputs("there is no room left\n", stderr);
    exit(1);
  }
}

static Cell *fresh(int kind) {
  if (!unused) collect();
  Cell *cell = unused;
  unused = cell->tail;
  cell->kind = kind;
  return cell;
}

#define HOLD(name) (roots[root_count++] = &(name))
#define RELEASE(count) (root_count -= (count))

static Cell *pair(Cell *head, Cell *tail) {
  HOLD(head), HOLD(tail);
  Cell *cell = fresh(PAIR);
  RELEASE(2);
  cell->head = head;
  cell->tail = tail;
  return cell;
}

static Cell *integer(long value) {
  Cell *cell = fresh(INTEGER);
  cell->integer = value;
  return cell;
}

static Cell *symbol(const char *name, size_t size) {
  for (Cell *one = symbols; one; one = one->tail)
    if (!strncmp(one->head->name, name, size) && !one->head->name[size]) return one->head;
  Cell *made = fresh(SYMBOL);
  made->name = strndup(name, size);
  made->value = NULL;
  symbols = pair(made, symbols);
  return made;
}

/* Reading. */

static const char *at;

static void skip(void) {
  for (;; at++) {
    if (*at == ';') while (*at != '\n') at++;
    else if (!isspace((unsigned char)*at)) return;
  }
}

static Cell *read_value(void);

static Cell *read_list(void) {
  skip();
  if (*at == ')') return at++, nothing;
  Cell *head = read_value();
  HOLD(head);
  Cell *tail = read_list();
  RELEASE(1);
  return pair(head, tail);
}

static Cell *read_value(void) {
  skip();
  if (*at == '(') return at++, read_list();
  if (*at == '\'') {
    at++;
    Cell *quoted = pair(read_value(), nothing);
    return pair(is_quote, quoted);
  }
  if (isdigit((unsigned char)*at) || (*at == '-' && isdigit((unsigned char)at[1])))
    return integer(strtol(at, (char **)&at, 10));
  const char *from = at;
  while (*at && !isspace((unsigned char)*at) && *at != '(' && *at != ')') at++;
  return symbol(from, at - from);
}

/* Evaluating. */

static Cell *lookup(Cell *name, Cell *scope) {
  for (; scope != nothing; scope = scope->tail)
    if (scope->head->head == name) return scope->head;
  return NULL;
}

static Cell *evaluate(Cell *value, Cell *scope);

static Cell *evaluate_all(Cell *values, Cell *scope) {
  if (values == nothing) return nothing;
  HOLD(values), HOLD(scope);
  Cell *head = evaluate(values->head, scope);
  HOLD(head);
  Cell *tail = evaluate_all(values->tail, scope);
  RELEASE(3);
  return pair(head, tail);
}

static Cell *bind(Cell *names, Cell *values, Cell *scope) {
  HOLD(names), HOLD(values), HOLD(scope);
  for (; names != nothing; names = names->tail, values = values->tail) {
    Cell *binding = pair(names->head, values->head);
    scope = pair(binding, scope);
  }
  RELEASE(3);
  return scope;
}

static void assign(Cell *form, Cell *scope) {
  Cell *name = form->tail->head;
  HOLD(name), HOLD(scope);
  Cell *value = evaluate(form->tail->tail->head, scope);
  RELEASE(2);
  Cell *binding = form->head == is_set ? lookup(name, scope) : NULL;
  if (binding) binding->tail = value;
  else name->value = value;
}

static Cell *let(Cell *form, Cell *scope) {
  Cell *inner = scope, *bindings = form->tail->head;
  HOLD(form), HOLD(scope), HOLD(inner), HOLD(bindings);
  for (; bindings != nothing; bindings = bindings->tail) {
    Cell *value = evaluate(bindings->head->tail->head, inner);
    Cell *binding = pair(bindings->head->head, value);
    inner = pair(binding, inner);
  }
  RELEASE(4);
  return inner;
}

static Cell *evaluate(Cell *value, Cell *scope) {
  Cell *result = nothing;
  HOLD(value), HOLD(scope);
  for (;;) {
    if (value->kind == SYMBOL) {
      Cell *binding = lookup(value, scope);
      result = binding ? binding->tail : value->value;
      if (!result) {
        fprintf(stderr, "%s is nothing\n", value->name);
        exit(1);
      }
      break;
    }
    if (value->kind != PAIR || value == nothing) {
      result = value;
      break;
    }
    Cell *head = value->head;
    if (head == is_quote) {
      result = value->tail->head;
      break;
    }
    if (head == is_if) {
      Cell *rest = value->tail;
      int holds = evaluate(rest->head, scope) != nothing;
      if (!holds && rest->tail->tail == nothing) break;
      value = holds ? rest->tail->head : rest->tail->tail->head;
      continue;
    }
    if (head == is_lambda) {
      result = fresh(CLOSURE);
      result->code = value->tail;
      result->scope = scope;
      break;
    }
    if (head == is_define || head == is_set) {
      assign(value, scope);
      break;
    }
    if (head == is_while) {
      while (evaluate(value->tail->head, scope) != nothing)
        for (Cell *one = value->tail->tail; one != nothing; one = one->tail) evaluate(one->head, scope);
      break;
    }
    Cell *body;
    if (head == is_begin) body = value->tail;
    else if (head == is_let) {
      scope = let(value, scope);
      body = value->tail->tail;
    } else {
      Cell *called = evaluate(head, scope);
      HOLD(called);
      Cell *arguments = evaluate_all(value->tail, scope);
      RELEASE(1);
      if (called->kind == NATIVE) {
        HOLD(arguments);
        result = called->native(arguments);
        RELEASE(1);
        break;
      }
      body = called->code->tail;
      value = called->code;
      scope = bind(value->head, arguments, called->scope);
    }
    for (; body->tail != nothing; body = body->tail) evaluate(body->head, scope);
    value = body->head;
  }
  RELEASE(2);
  return result;
}

/* What is built in. */

#define FIRST (arguments->head)
#define SECOND (arguments->tail->head)
#define MATHS(name, expression) \
  static Cell *name(Cell *arguments) { \
    long a = FIRST->integer, b = SECOND->integer; \
    return integer(expression); \
  }
#define ASKS(name, expression) \
  static Cell *name(Cell *arguments) { return (expression) ? truth : nothing; }

MATHS(add, a + b)
MATHS(subtract, a - b)
MATHS(multiply, a * b)
MATHS(divide, a / b)
MATHS(modulo, a % b)
ASKS(less, FIRST->integer < SECOND->integer)
ASKS(equal, FIRST == SECOND || (FIRST->kind == INTEGER && SECOND->kind == INTEGER && FIRST->integer == SECOND->integer))
ASKS(null, FIRST == nothing)
static Cell *cons(Cell *arguments) { return pair(FIRST, SECOND); }
static Cell *car(Cell *arguments) { return FIRST->head; }
static Cell *cdr(Cell *arguments) { return FIRST->tail; }

static void print(const Cell *cell) {
  if (cell->kind == INTEGER) printf("%ld", cell->integer);
  else if (cell->kind == SYMBOL) fputs(cell->name, stdout);
  else if (cell->kind == PAIR || cell == nothing) {
    putchar('(');
    for (; cell != nothing; cell = cell->tail) {
      print(cell->head);
      if (cell->tail != nothing) putchar(' ');
    }
    putchar(')');
  } else fputs("#code", stdout);
}

static Cell *show(Cell *arguments) {
  print(FIRST);
  putchar('\n');
  return FIRST;
}

static void begin(void) {
  static const struct { const char *name; Native native; } natives[] = {
      {"+", add}, {"-", subtract}, {"*", multiply}, {"/", divide}, {"%", modulo}, {"<", less},
      {"=", equal}, {"null?", null}, {"cons", cons}, {"car", car}, {"cdr", cdr}, {"show", show}};
  cells = calloc(CELLS, sizeof *cells);
  for (int one = 0; one < CELLS; one++) {
    cells[one].tail = unused;
    unused = &cells[one];
  }
  nothing = fresh(PAIR);
  nothing->head = nothing->tail = nothing;
  static const struct { const char *name; Cell **place; } forms[] = {
      {"quote", &is_quote}, {"if", &is_if}, {"lambda", &is_lambda}, {"define", &is_define},
      {"set!", &is_set}, {"let", &is_let}, {"begin", &is_begin}, {"while", &is_while}, {"t", &truth}};
  for (int one = 0; one < 9; one++) *forms[one].place = symbol(forms[one].name, strlen(forms[one].name));
  truth->value = truth;
  symbol("nil", 3)->value = nothing;
  for (unsigned one = 0; one < sizeof natives / sizeof *natives; one++) {
    Cell *cell = fresh(NATIVE);
    cell->native = natives[one].native;
    symbol(natives[one].name, strlen(natives[one].name))->value = cell;
  }
}

static const char *const program =
    "(define map (lambda (f l) (if (null? l) nil (cons (f (car l)) (map f (cdr l))))))\n"
    "(define filter (lambda (f l) (if (null? l) nil (if (f (car l))\n"
    "  (cons (car l) (filter f (cdr l))) (filter f (cdr l))))))\n"
    "(define fold (lambda (f a l) (if (null? l) a (fold f (f a (car l)) (cdr l)))))\n"
    "(define range (lambda (a b) (if (< a b) (cons a (range (+ a 1) b)) nil)))\n"
    "(define append (lambda (a b) (if (null? a) b (cons (car a) (append (cdr a) b)))))\n"
    "(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))\n"
    "(define tak (lambda (x y z) (if (< y x)\n"
    "  (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y)) z)))\n"
    "(define sort (lambda (l) (if (null? l) nil (let ((p (car l)) (r (cdr l)))\n"
    "  (append (sort (filter (lambda (x) (< x p)) r))\n"
    "    (cons p (sort (filter (lambda (x) (if (< x p) nil t)) r))))))))\n"
    "(define prime? (lambda (n) (let ((d 2)) (begin\n"
    "  (while (if (< n (* d d)) nil (if (= 0 (% n d)) nil t)) (set! d (+ d 1)))\n"
    "  (< n (* d d))))))\n"
    "(define safe (lambda (q d l) (if (null? l) t (if (= q (car l)) nil\n"
    "  (if (= d (- q (car l))) nil (if (= d (- (car l) q)) nil (safe q (+ d 1) (cdr l))))))))\n"
    "(define queens (lambda (n k l) (if (= k 0) 1 (fold (lambda (s q)\n"
    "  (if (safe q 1 l) (+ s (queens n (- k 1) (cons q l))) s)) 0 (range 0 n)))))\n"
    "(define random (let ((s 7)) (lambda (x) (begin (set! s (% (+ (* s 1103) 12345) 65536)) s))))\n"
    "(show (fib 21))\n"
    "(show (tak 14 8 3))\n"
    "(show (queens 7 7 nil))\n"
    "(show (fold + 0 (filter prime? (range 2 2500))))\n"
    "(show (fold (lambda (a b) (% (+ (* a 31) b) 1000003)) 0 (sort (map random (range 0 1200)))))\n";

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  begin();
  while (rounds--) {
    at = program;
    for (skip(); *at; skip()) evaluate(read_value(), nothing);
  }
  printf("%d\n", collections > 0);
  return 0;
}
