doxygen lwip.Doxyfile
