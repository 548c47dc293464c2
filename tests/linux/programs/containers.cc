// Containers and algorithms of C++, large enough to move in memory.
#include <algorithm>
#include <bitset>
#include <chrono>
#include <deque>
#include <functional>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

struct Node {
  std::shared_ptr<Node> next;
  std::weak_ptr<Node> back;
  static inline int alive = 0;
  Node() { alive++; }
  ~Node() { alive--; }
};

int main() {
  std::mt19937_64 chance(42);
  std::uniform_int_distribution<int> any(0, 99999);
  std::vector<int> numbers(2500);
  for (auto &one : numbers) one = any(chance);
  std::map<int, int> counts;
  std::unordered_map<int, int> hashed;
  for (int one : numbers) counts[one]++, hashed[one]++;
  int most = std::max_element(counts.begin(), counts.end(), [](auto &a, auto &b) { return a.second < b.second; })->second;
  std::cout << counts.size() << ' ' << hashed.size() << ' ' << most << '\n';
  std::sort(numbers.begin(), numbers.end());
  std::cout << std::binary_search(numbers.begin(), numbers.end(), numbers[777]) << ' ' << numbers[1200] << '\n';
  std::stable_sort(numbers.begin(), numbers.end(), [](int a, int b) { return a % 10 < b % 10; });
  std::cout << numbers.front() << ' ' << numbers.back() << ' ' << std::accumulate(numbers.begin(), numbers.end(), 0LL) << '\n';
  std::set<std::string> words;
  for (int one = 0; one < 2000; one++) words.insert("word" + std::to_string(one * 7919 % 1000));
  std::cout << words.size() << ' ' << *words.begin() << ' ' << *words.lower_bound("word5") << '\n';
  std::priority_queue<int, std::vector<int>, std::greater<int>> queue(numbers.begin(), numbers.end());
  for (int one = 0; one < 3; one++, queue.pop()) std::cout << queue.top() << ' ';
  std::deque<int> deque;
  for (int one = 0; one < 1000; one++) one % 2 ? deque.push_back(one) : deque.push_front(one);
  std::list<int> list(deque.begin(), deque.end());
  list.remove_if([](int one) { return one % 3; });
  list.sort();
  std::cout << deque.front() << ' ' << list.size() << ' ' << list.back() << '\n';
  {
    auto first = std::make_shared<Node>(), last = first;
    for (int one = 0; one < 100; one++) {
      last->next = std::make_shared<Node>();
      last->next->back = last;
      last = last->next;
    }
    std::cout << Node::alive << ' ' << last->back.lock().use_count() << '\n';
  }
  std::cout << Node::alive << ' ' << std::bitset<16>(0xa5).count() << '\n';
  auto [quotient, rest] = std::make_tuple(17 / 5, 17 % 5);
  std::optional<std::string> maybe;
  std::string_view view = "a view of text";
  std::cout << quotient << rest << maybe.value_or("nothing") << view.substr(2, 4) << '\n';
  std::vector<std::string> strings(numbers.size() / 50, std::string(100, 'x'));
  std::string joined = std::accumulate(strings.begin(), strings.end(), std::string());
  std::cout << joined.size() << ' ' << std::hash<std::string>()("fixed") % 1 << '\n';
  do strings[0] = strings[0].substr(1); while (strings[0].size() > 50);
  std::vector<int> order = {1, 2, 3, 4};
  int permutations = 0;
  do permutations++; while (std::next_permutation(order.begin(), order.end()));
  std::cout << permutations << '\n';
}
