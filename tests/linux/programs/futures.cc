// Threads of C++ that promise: futures, tasks, exceptions across threads, conditions, atomics.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static thread_local int local = 1;

static long work(int from, int to) {
  local += from;
  std::vector<long> numbers(to - from);
  std::iota(numbers.begin(), numbers.end(), from);
  return std::accumulate(numbers.begin(), numbers.end(), 0L) + local - local;
}

int main() {
  std::vector<std::future<long>> parts;
  for (int one = 0; one < 4; one++) parts.push_back(std::async(std::launch::async, work, one * 1000, one * 1000 + 1000));
  long sum = 0;
  for (auto &part : parts) sum += part.get();
  std::cout << sum << ' ' << local << '\n';
  auto failing = std::async(std::launch::async, []() -> int { throw std::runtime_error("from afar"); });
  try {
    failing.get();
  } catch (const std::exception &error) {
    std::cout << error.what() << '\n';
  }
  std::promise<std::string> promise;
  auto future = promise.get_future();
  std::cout << (future.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout) << '\n';
  std::thread teller([&] { promise.set_value("told"); });
  std::cout << future.get() << '\n';
  teller.join();
  std::packaged_task<int(int)> task([](int value) { return value * 2; });
  auto doubled = task.get_future();
  std::thread(std::move(task), 21).join();
  std::cout << doubled.get() << '\n';
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0, said = 0;
  std::vector<std::thread> threads;
  for (int one = 0; one < 3; one++)
    threads.emplace_back([&, one] {
      for (int round = 0; round < 50; round++) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return turn == one; });
        said++;
        turn = (turn + 1) % 3;
        changed.notify_all();
      }
    });
  for (auto &thread : threads) thread.join();
  std::cout << said << '\n';
  std::atomic<int> count{0};
  std::shared_mutex shared;
  threads.clear();
  for (int one = 0; one < 4; one++)
    threads.emplace_back([&] {
      for (int round = 0; round < 200; round++) {
        if (round % 10 == 0) { std::unique_lock lock(shared); count.fetch_add(1); }
        else { std::shared_lock lock(shared); count.fetch_add(1, std::memory_order_relaxed); }
      }
    });
  for (auto &thread : threads) thread.join();
  std::once_flag once;
  for (int one = 0; one < 3; one++) std::call_once(once, [&] { count += 1000; });
  std::cout << count << '\n';
  std::timed_mutex timed;
  timed.lock();
  std::thread([&] { std::cout << timed.try_lock_for(std::chrono::milliseconds(2)) << '\n'; }).join();
  timed.unlock();
}
