/* A network namespace of the test's own, where its loopback device may be changed. */
#ifndef CULVERT_TESTS_SUPPORT_NETNS_H
#define CULVERT_TESTS_SUPPORT_NETNS_H

#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool netns_set_loopback_mtu(int mtu)
{
	struct ifreq ifr;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool ok;

	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, "lo", 3);
	ifr.ifr_mtu = mtu;
	ok = fd >= 0 && ioctl(fd, SIOCSIFMTU, &ifr) == 0;
	ifr.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	ok = ok && ioctl(fd, SIOCSIFFLAGS, &ifr) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* What netns_run returns where namespaces are not allowed. */
#define NETNS_REFUSED 77

/*
 * Runs `body` in a child process whose loopback device has `mtu`. Its result (0 to 76), or
 * NETNS_REFUSED, or -1 when it died.
 */
static inline int netns_run(int mtu, int (*body)(void))
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -1;
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 || !netns_set_loopback_mtu(mtu))
			_exit(NETNS_REFUSED);
		_exit(body());
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#endif
