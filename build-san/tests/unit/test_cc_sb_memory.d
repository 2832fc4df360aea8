build-san/tests/unit/test_cc_sb_memory: tests/unit/test_cc_sb_memory.c \
 tests/support/node_alloc.h tests/support/sb_lab.h src/net/cc/sb.h \
 src/base/clock.h src/base/compiler.h src/base/list.h src/net/cc/rate.h \
 src/net/cc/sb_pool.h
tests/support/node_alloc.h:
tests/support/sb_lab.h:
src/net/cc/sb.h:
src/base/clock.h:
src/base/compiler.h:
src/base/list.h:
src/net/cc/rate.h:
src/net/cc/sb_pool.h:
