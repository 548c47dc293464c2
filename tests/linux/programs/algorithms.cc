#include <algorithm>
#include <iostream>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <regex>
#include <fstream>
#include <cstdio>
int main() {
  std::mt19937 r(42); std::vector<int> v(10000); for (auto &x : v) x = r() % 100000;
  std::sort(v.begin(), v.end()); std::cout << v[0] << " " << v[5000] << " " << v[9999] << "\n";
  std::unordered_map<std::string, int> c; for (int x : v) c[std::to_string(x % 97)]++; std::cout << c.size() << " " << c["13"] << "\n";
  std::cout << std::accumulate(v.begin(), v.end(), 0LL) << "\n";
  std::set<int> s(v.begin(), v.end()); std::cout << s.size() << "\n";
  std::cout << std::regex_replace(std::string("a1b22c333"), std::regex("[0-9]+"), "#") << "\n";
  { std::ofstream o("cpp.txt"); for (int i = 0; i < 100; i++) o << i << "\n"; }
  std::ifstream in("cpp.txt"); int x, sum = 0; while (in >> x) sum += x; std::cout << sum << "\n"; std::remove("cpp.txt");
  return 0;
}
