#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>
int main() {
  std::atomic<int> n{0}; std::vector<std::thread> t;
  for (int i = 0; i < 6; i++) t.emplace_back([&] { for (int k = 0; k < 500; k++) n++; });
  for (auto &x : t) x.join();
  std::cout << n << "\n";
  auto f = std::async(std::launch::async, [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); return 99; });
  std::cout << f.get() << "\n";
  std::promise<int> p; auto g = p.get_future();
  std::thread u([&] { try { throw std::runtime_error("in thread"); } catch (...) { p.set_exception(std::current_exception()); } });
  try { g.get(); } catch (const std::exception &e) { std::cout << e.what() << "\n"; }
  u.join();
  thread_local static int local = 1; local++; std::cout << local << "\n";
  return 0;
}
