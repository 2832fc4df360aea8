build-san/tests/unit/test_net_budget: tests/unit/test_net_budget.c \
 src/net/budget.h src/net/window.h
src/net/budget.h:
src/net/window.h:
