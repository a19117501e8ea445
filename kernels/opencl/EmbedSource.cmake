# cmake -DOUTPUT=file.cpp -DINPUTS="a.h|b.cl" -P EmbedSource.cmake: the inputs in their order as one C++ string.
# Removes #include and #pragma once lines, since all included files are among the inputs, and comments, since some
# drivers' compilers accept only ASCII.
string(REPLACE "|" ";" INPUTS "${INPUTS}")
set(pieces "")
foreach(input IN LISTS INPUTS)
  file(READ "${input}" text)
  string(REGEX REPLACE "(^|\n)#(include \"|pragma once)[^\n]*" "\\1" text "${text}")
  string(REGEX REPLACE "[ \t]*//[^\n]*" "" text "${text}")
  string(APPEND pieces "    R\"lode(${text})lode\"\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"kernels/opencl/source.h\"\n\nnamespace lode::kernels {\n\nstd::string_view opencl_source() {\n    return\n${pieces}    ;\n}\n\n}  // namespace lode::kernels\n")
