// Exceptions of C++: through many frames, nested, kept, rethrown, out of constructors, unexpected.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <typeinfo>
#include <unistd.h>
#include <variant>

struct Trace {
  const char *name;
  explicit Trace(const char *name) : name(name) { printf("+%s ", name); }
  ~Trace() { printf("-%s ", name); }
};
struct Base { virtual ~Base() = default; };
struct Derived : Base { int value = 7; };
struct Half {
  Trace first{"first"}, second{"second"};
  Half() { throw std::logic_error("half built"); }
};
static int deep(int depth) {
  Trace trace("d");
  if (depth == 0) throw Derived();
  return deep(depth - 1) + 1;
}
static void nested() {
  try {
    try {
      throw std::out_of_range("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::exception &outer) {
    printf("%s: ", outer.what());
    try {
      std::rethrow_if_nested(outer);
    } catch (const std::exception &inner) {
      printf("%s\n", inner.what());
    }
  }
}
static void in_child(void (*what)()) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    freopen("/dev/null", "w", stderr);
    what();
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  printf("%s %d\n", WIFSIGNALED(status) ? "signal" : "code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

int main() {
  try {
    deep(5);
  } catch (const Base &base) {
    printf("\n%d\n", dynamic_cast<const Derived &>(base).value);
  }
  try {
    Half half;
  } catch (const std::logic_error &error) {
    printf("%s\n", error.what());
  }
  nested();
  std::exception_ptr kept;
  try {
    std::string("abc").at(10);
  } catch (...) {
    kept = std::current_exception();
  }
  try {
    std::rethrow_exception(kept);
  } catch (const std::out_of_range &) {
    printf("kept\n");
  }
  try {
    Base base;
    (void)dynamic_cast<Derived &>(base);
  } catch (const std::bad_cast &) {
    printf("bad cast\n");
  }
  try {
    std::variant<int, std::string> either = 5;
    std::get<std::string>(either);
  } catch (const std::bad_variant_access &) {
    printf("bad access\n");
  }
  try {
    volatile size_t much = size_t(-1) / 2 - 100;
    static char *volatile kept = new char[much];
    delete[] kept;
  } catch (const std::bad_alloc &) {
    printf("no memory\n");
  }
  printf("%d\n", std::uncaught_exceptions());
  in_child([] { throw 5; });
  in_child([]() noexcept { throw 6; });
  in_child([] { std::set_terminate([] { _exit(9); }); throw 7; });
  in_child([] { atexit([] { printf("at exit "); fflush(stdout); }); exit(3); });
}
