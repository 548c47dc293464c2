// Streams of C++: text, numbers, files, strings, manipulators, errors as exceptions.
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <cstdio>

int main() {
  std::cout << std::boolalpha << true << ' ' << 42 << ' ' << std::hex << std::showbase << 255 << std::dec << '\n';
  std::cout << std::setw(10) << std::setfill('*') << std::left << "left" << std::right << std::setw(8) << 3.5 << '\n';
  std::cout << std::fixed << std::setprecision(3) << 2.0 / 3 << ' ' << std::scientific << 12345.678 << std::defaultfloat << '\n';
  std::istringstream in("12 7.5 word\nwhole line here\nx");
  int number;
  double real;
  std::string word, line;
  in >> number >> real >> word;
  std::getline(in, line);
  std::getline(in, line);
  std::cout << number << ' ' << real << ' ' << word << " <" << line << ">\n";
  in >> number;
  std::cout << in.fail() << ' ' << in.eof() << '\n';
  {
    std::ofstream out("streamed");
    for (int one = 0; one < 1000; one++) out << one << (one % 10 == 9 ? '\n' : ' ');
  }
  std::ifstream back("streamed");
  long sum = 0;
  int lines = 0;
  while (std::getline(back, line)) {
    std::istringstream numbers(line);
    for (long value; numbers >> value;) sum += value;
    lines++;
  }
  std::cout << sum << " in " << lines << '\n';
  back.clear();
  back.seekg(-4, std::ios::end);
  back >> word;
  std::cout << word << ' ' << back.tellg() << '\n';
  std::fstream both("streamed", std::ios::in | std::ios::out | std::ios::binary);
  both.seekp(2);
  both << "XY";
  both.seekg(0);
  both >> word;
  std::cout << word << '\n';
  std::ifstream missing("not there");
  std::cout << missing.is_open() << '\n';
  try {
    missing.exceptions(std::ios::failbit);
  } catch (const std::ios_base::failure &failure) {
    std::cout << "failure " << (std::string(failure.what()).find("iostream") != std::string::npos) << '\n';
  }
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << std::showpos << 1234567 << ' ' << std::oct << 8 << ' ' << std::quoted("a \"b\"");
  std::cout << out.str() << '\n' << std::numeric_limits<double>::max() << '\n';
  std::remove("streamed");
  std::cerr << "unseen\n";
  std::clog << "unseen\n";
}
