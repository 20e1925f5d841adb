#include "sansip/tests/structure_test/source_tree.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(SourceTree, BlanksCommentsAndLiteralsAndKeepsLines) {
  const SourceFile file = MakeSourceFile("x.cc",
                                         "int a = 1;  // time(\n"
                                         "/* rand( \n rand( */ int b;\n"
                                         "auto c = \"a \\\" { b\" + 'x' + '\\'';\n"
                                         "auto d = R\"q({ )\" })q\" + 1'000'000;\n");
  ASSERT_EQ(file.code.size(), 5u);
  EXPECT_EQ(file.lines.size(), 5u);
  EXPECT_EQ(file.code[0], "int a = 1;          ");
  EXPECT_EQ(file.code[1], std::string(9, ' '));
  EXPECT_EQ(file.code[2].find("rand"), std::string::npos);
  EXPECT_NE(file.code[2].find("int b;"), std::string::npos);
  EXPECT_EQ(file.code[3].find('{'), std::string::npos);
  EXPECT_EQ(file.code[3].back(), ';');
  EXPECT_EQ(file.code[4].find('{'), std::string::npos);
  EXPECT_NE(file.code[4].find("1'000'000;"), std::string::npos);
}

TEST(SourceTree, FindsIncludes) {
  const SourceFile file = MakeSourceFile("x.cc",
                                         "#include \"sansip/core/base/time.h\"\n"
                                         "#include <vector>\n"
                                         "// #include \"no.h\"\n");
  const std::vector<Include> includes = IncludesOf(file);
  ASSERT_EQ(includes.size(), 2u);
  EXPECT_EQ(includes[0].path, "sansip/core/base/time.h");
  EXPECT_TRUE(includes[0].quoted);
  EXPECT_EQ(includes[1].path, "vector");
  EXPECT_FALSE(includes[1].quoted);
  EXPECT_EQ(includes[1].line, 2);
}

TEST(SourceTree, FindsFunctionsAndTheirLength) {
  const SourceFile file = MakeSourceFile("x.cc",
                                         "namespace a {\n"                        // 1
                                         "class B {\n"                            // 2
                                         "  B() : x_{1} { Call(); }\n"            // 3
                                         "  bool operator==(const B&) const {\n"  // 4
                                         "    return true;\n"                     // 5
                                         "  }\n"                                  // 6
                                         "  int x_ = 0;\n"                        // 7
                                         "};\n"                                   // 8
                                         "template <typename T>\n"                // 9
                                         "[[nodiscard]] int F(T t,\n"             // 10
                                         "                    int u) {\n"         // 11
                                         "  if (t) {\n"                           // 12
                                         "    auto l = [&](int v) { return v; };\n"
                                         "  }\n"
                                         "  Sort([](int v) {\n"
                                         "    return v;\n"
                                         "  });\n"
                                         "  return 1;\n"  // 18
                                         "}\n"            // 19
                                         "constexpr Row kRows[] = {{1, f(2)}};\n"
                                         "}\n");
  const std::vector<FunctionBody> functions = FunctionsOf(file);
  ASSERT_EQ(functions.size(), 3u);
  EXPECT_EQ(functions[0].first_line, 3);
  EXPECT_EQ(functions[0].last_line, 3);
  EXPECT_EQ(functions[1].first_line, 4);
  EXPECT_EQ(functions[1].last_line, 6);
  EXPECT_EQ(functions[2].first_line, 9);
  EXPECT_EQ(functions[2].last_line, 19);
}

}  // namespace
}  // namespace sansip
