/* Enable this to simplify debugging */
/* #define LWIP_UNITTESTS_NOFORK */
