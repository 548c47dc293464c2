#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#include <algorithm>
struct Noisy { std::string n; Noisy(std::string n) : n(n) {} ~Noisy() { std::cout << "~" << n << "\n"; } };
static int deep(int n) { Noisy x("d" + std::to_string(n)); if (n == 0) throw std::runtime_error("bottom"); return deep(n - 1); }
int main() {
  try { deep(3); } catch (const std::exception &e) { std::cout << e.what() << "\n"; }
  try { try { throw 5; } catch (int i) { std::cout << i << "\n"; throw; } } catch (...) { std::cout << "again\n"; }
  std::map<std::string, std::vector<int>> m;
  for (int i = 0; i < 20; i++) m[i % 2 ? "odd" : "even"].push_back(i * i);
  for (auto &[k, v] : m) { std::cout << k; for (int i : v) std::cout << ' ' << i; std::cout << '\n'; }
  try { std::vector<int>().at(3); } catch (const std::out_of_range &) { std::cout << "out of range\n"; }
  std::ostringstream s; s << 3.5 << " " << std::hex << 255; std::cout << s.str() << "\n";
  auto p = std::make_shared<Noisy>("shared"); auto q = p; p.reset(); std::cout << q.use_count() << "\n";
  return 0;
}
