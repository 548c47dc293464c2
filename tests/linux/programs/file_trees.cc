// Files and folders as C++ sees them.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <string>
#include <vector>
namespace fs = std::filesystem;

int main() {
  std::error_code error;
  fs::create_directories("tree/a/b/c");
  for (const char *name : {"tree/one.txt", "tree/a/two.txt", "tree/a/b/three.md"}) std::ofstream(name) << name;
  fs::create_symlink("one.txt", "tree/link");
  std::vector<std::string> found;
  for (const auto &entry : fs::recursive_directory_iterator("tree")) {
    std::string kind = entry.is_symlink() ? "l" : entry.is_directory() ? "d" : "f";
    found.push_back(kind + " " + entry.path().generic_string());
  }
  std::sort(found.begin(), found.end());
  for (const auto &one : found) std::cout << one << '\n';
  std::cout << fs::file_size("tree/one.txt") << ' ' << fs::read_symlink("tree/link") << ' ' << fs::exists("tree/none") << '\n';
  fs::copy("tree/a", "tree/copy", fs::copy_options::recursive);
  std::cout << fs::exists("tree/copy/b/three.md") << ' ' << fs::equivalent("tree/one.txt", "tree/link") << '\n';
  fs::rename("tree/copy/two.txt", "tree/moved.txt");
  fs::resize_file("tree/moved.txt", 3);
  std::cout << fs::file_size("tree/moved.txt") << '\n';
  fs::permissions("tree/moved.txt", fs::perms::owner_read);
  std::cout << (fs::status("tree/moved.txt").permissions() == fs::perms::owner_read) << '\n';
  fs::last_write_time("tree/moved.txt", fs::file_time_type::clock::now() - std::chrono::hours(48));
  std::cout << (fs::last_write_time("tree/moved.txt") < fs::last_write_time("tree/one.txt")) << '\n';
  std::cout << fs::hard_link_count("tree/one.txt") << ' ' << fs::is_empty("tree/a/b/c") << '\n';
  fs::remove("tree/a", error);
  std::cout << error.message() << '\n';
  try {
    fs::file_size("nowhere");
  } catch (const fs::filesystem_error &failure) {
    std::cout << failure.code().message() << ' ' << failure.path1() << '\n';
  }
  std::cout << fs::path("a/./b/../c//d.tar.gz").lexically_normal() << ' ' << fs::path("x/y.tar.gz").extension() << '\n';
  std::regex pattern("(\\w+)\\.(txt|md)$");
  int matches = 0;
  for (const auto &one : found) matches += std::regex_search(one, pattern);
  std::cout << matches << ' ' << fs::remove_all("tree") << '\n';
}
