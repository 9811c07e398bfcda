// What clang 16 needs to read this code with g++ 12's library; `./dev lint` includes it before every file.
#pragma clang system_header
#undef __cpp_concepts
#define __cpp_concepts 202002L  // libstdc++ shows <expected> only behind the newer value
#define constinit               // libstdc++ 12's empty string is no constant to clang
