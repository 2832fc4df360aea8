/**
 * @file
 * Stack-internal timers implementation.
 * This file includes timer callbacks for stack-internal timers as well as
 * functions to set up or stop timers and check for expired timers.
 *
 */

/*
 * Copyright (c) 2001-2004 Swedish Institute of Computer Science.
 * All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without modification,
 * are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice,
 *    this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 * 3. The name of the author may not be used to endorse or promote products
 *    derived from this software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE AUTHOR ``AS IS'' AND ANY EXPRESS OR IMPLIED
 * WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT
 * SHALL THE AUTHOR BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
 * EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT
 * OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
 * INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING
 * IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY
 * OF SUCH DAMAGE.
 *
 * This file is part of the lwIP TCP/IP stack.
 *
 * Author: Adam Dunkels <adam@sics.se>
 *         Simon Goldschmidt
 *
 */

#include "lwip/opt.h"

#include "lwip/timeouts.h"
#include "lwip/priv/tcp_priv.h"

#include "lwip/def.h"
#include "lwip/memp.h"
#include "lwip/priv/tcpip_priv.h"

#include "lwip/ip4_frag.h"
#include "lwip/etharp.h"
#include "lwip/dhcp.h"
#include "lwip/acd.h"
#include "lwip/igmp.h"
#include "lwip/dns.h"
#include "lwip/nd6.h"
#include "lwip/ip6_frag.h"
#include "lwip/mld6.h"
#include "lwip/dhcp6.h"
#include "lwip/sys.h"
#include "lwip/pbuf.h"

#if LWIP_DEBUG_TIMERNAMES
#define HANDLER(x) x, #x
#else /* LWIP_DEBUG_TIMERNAMES */
#define HANDLER(x) x
#endif /* LWIP_DEBUG_TIMERNAMES */

#define LWIP_MAX_TIMEOUT  0x7fffffff

/* Check if timer's expiry time is greater than time and care about u32_t wraparounds */
#define TIME_LESS_THAN(t, compare_to) ( (((u32_t)((t)-(compare_to))) > LWIP_MAX_TIMEOUT) ? 1 : 0 )

/** This array contains all stack-internal cyclic timers. To get the number of
 * timers, use LWIP_ARRAYSIZE() */
const struct lwip_cyclic_timer lwip_cyclic_timers[] = {
  /* TCP's timer and those of reassembly run on demand, see struct sys_ondemand */
#if LWIP_IPV4
#if LWIP_ARP
  {ARP_TMR_INTERVAL, HANDLER(etharp_tmr)},
#endif /* LWIP_ARP */
#if LWIP_DHCP
  {DHCP_COARSE_TIMER_MSECS, HANDLER(dhcp_coarse_tmr)},
  {DHCP_FINE_TIMER_MSECS, HANDLER(dhcp_fine_tmr)},
#endif /* LWIP_DHCP */
#if LWIP_ACD
  {ACD_TMR_INTERVAL, HANDLER(acd_tmr)},
#endif /* LWIP_ACD */
#if LWIP_IGMP
  {IGMP_TMR_INTERVAL, HANDLER(igmp_tmr)},
#endif /* LWIP_IGMP */
#endif /* LWIP_IPV4 */
#if LWIP_DNS
  {DNS_TMR_INTERVAL, HANDLER(dns_tmr)},
#endif /* LWIP_DNS */
#if LWIP_IPV6
#if LWIP_ND6_INPUT
  {ND6_TMR_INTERVAL, HANDLER(nd6_tmr)},
#endif /* LWIP_ND6_INPUT */
#if LWIP_IPV6_MLD
  {MLD6_TMR_INTERVAL, HANDLER(mld6_tmr)},
#endif /* LWIP_IPV6_MLD */
#if LWIP_IPV6_DHCP6
  {DHCP6_TIMER_MSECS, HANDLER(dhcp6_tmr)},
#endif /* LWIP_IPV6_DHCP6 */
#endif /* LWIP_IPV6 */
  {0, HANDLER(NULL)} /* an array needs one element */
};
const int lwip_num_cyclic_timers = LWIP_ARRAYSIZE(lwip_cyclic_timers) - 1;

#if LWIP_TIMERS && !LWIP_TIMERS_CUSTOM

/** The one and only timeout list */
static struct sys_timeo *next_timeout;

static u32_t current_timeout_due_time;

#if LWIP_TESTMODE
struct sys_timeo**
sys_timeouts_get_next_timeout(void)
{
  return &next_timeout;
}
#endif

/*
 * Timers that run only while there is something for them to do. They are not
 * entries of the list: there is exactly one of each, and starting one must not
 * fail for lack of memory.
 */
struct sys_ondemand {
  void (*handler)(void);
  u32_t due;
  u8_t active;
};

static void
sys_ondemand_start(struct sys_ondemand *t, u32_t due)
{
  t->due = due;
  t->active = 1;
}

#if LWIP_TCP
static void tcpip_tcp_timer(void);
static struct sys_ondemand sys_tcp_timer = { tcpip_tcp_timer, 0, 0 };
/** When the unit that was last counted by TCP had begun */
static u32_t tcp_timer_base;
/** Units from there to the next call, as far as planned */
static u32_t tcp_timer_units;
/** Inside of tcp_tmr(): the units are being counted already */
static u8_t tcp_timer_running;

/**
 * Calls tcp_tmr() for the unit that was planned, after counting those that were
 * slept over, and plans the next.
 */
static void
tcpip_tcp_timer(void)
{
  u32_t late, next;

  /* Keep the pace, but after a long pause go on from now: to TCP no time has
     passed, so that nothing times out because this process was stopped. */
  late = sys_now() - sys_tcp_timer.due;
  tcp_timer_base = late < TCP_TMR_INTERVAL ? sys_tcp_timer.due : sys_now();
  tcp_timer_skip(tcp_timer_units - 1);
  tcp_timer_units = 0;
  tcp_timer_running = 1;
  tcp_tmr();
  tcp_timer_running = 0;
  next = tcp_timer_next();
  if (next > 0) {
    tcp_timer_units = next;
    sys_ondemand_start(&sys_tcp_timer, tcp_timer_base + next * TCP_TMR_INTERVAL);
  }
}

/**
 * Called by TCP while its timer may be asleep, before it looks at its ticks:
 * counts the units that have passed. The one that was planned is left to
 * sys_check_timeouts().
 */
void
tcp_timer_sync(void)
{
  u32_t passed;

  if (sys_tcp_timer.active && tcp_timer_units > 1) {
    passed = (sys_now() - tcp_timer_base) / TCP_TMR_INTERVAL;
    passed = LWIP_MIN(passed, tcp_timer_units - 1);
    if (passed > 0) {
      tcp_timer_skip(passed);
      tcp_timer_base += passed * TCP_TMR_INTERVAL;
      tcp_timer_units -= passed;
    }
  }
}

/**
 * Called by TCP when it has work for its timer in this many units, counted after
 * tcp_timer_sync().
 */
void
tcp_timer_needed(u32_t units)
{
  LWIP_ASSERT_CORE_LOCKED();

  if (tcp_timer_running) {
    /* tcpip_tcp_timer() asks for all that is planned when tcp_tmr() is done */
    return;
  }
  if (!sys_tcp_timer.active) {
    tcp_timer_base = sys_now();
  } else if (units >= tcp_timer_units) {
    return;
  }
  tcp_timer_units = units;
  sys_ondemand_start(&sys_tcp_timer, tcp_timer_base + units * TCP_TMR_INTERVAL);
}
#endif /* LWIP_TCP */

#if LWIP_IPV4 && IP_REASSEMBLY
static void sys_reass4_timer(void);
static struct sys_ondemand sys_reass4 = { sys_reass4_timer, 0, 0 };

static void
sys_reass4_timer(void)
{
  ip_reass_tmr();
  ip_reass_timer_needed();
}

/** Called when a fragment was queued. */
void
ip_reass_timer_needed(void)
{
  if (!sys_reass4.active && ip_reass_pending()) {
    sys_ondemand_start(&sys_reass4, sys_now() + IP_TMR_INTERVAL);
  }
}
#endif /* LWIP_IPV4 && IP_REASSEMBLY */

#if LWIP_IPV6 && LWIP_IPV6_REASS
static void sys_reass6_timer(void);
static struct sys_ondemand sys_reass6 = { sys_reass6_timer, 0, 0 };

static void
sys_reass6_timer(void)
{
  ip6_reass_tmr();
  ip6_reass_timer_needed();
}

/** Called when a fragment was queued. */
void
ip6_reass_timer_needed(void)
{
  if (!sys_reass6.active && ip6_reass_pending()) {
    sys_ondemand_start(&sys_reass6, sys_now() + IP6_REASS_TMR_INTERVAL);
  }
}
#endif /* LWIP_IPV6 && LWIP_IPV6_REASS */

static struct sys_ondemand *const sys_ondemand[] = {
#if LWIP_TCP
  &sys_tcp_timer,
#endif /* LWIP_TCP */
#if LWIP_IPV4 && IP_REASSEMBLY
  &sys_reass4,
#endif /* LWIP_IPV4 && IP_REASSEMBLY */
#if LWIP_IPV6 && LWIP_IPV6_REASS
  &sys_reass6,
#endif /* LWIP_IPV6 && LWIP_IPV6_REASS */
  NULL
};

static void
#if LWIP_DEBUG_TIMERNAMES
sys_timeout_abs(u32_t abs_time, sys_timeout_handler handler, void *arg, const char *handler_name)
#else /* LWIP_DEBUG_TIMERNAMES */
sys_timeout_abs(u32_t abs_time, sys_timeout_handler handler, void *arg)
#endif
{
  struct sys_timeo *timeout, *t;

  timeout = (struct sys_timeo *)memp_malloc(MEMP_SYS_TIMEOUT);
  if (timeout == NULL) {
    LWIP_ASSERT("sys_timeout: timeout != NULL, pool MEMP_SYS_TIMEOUT is empty", timeout != NULL);
    return;
  }

  timeout->next = NULL;
  timeout->h = handler;
  timeout->arg = arg;
  timeout->time = abs_time;

#if LWIP_DEBUG_TIMERNAMES
  timeout->handler_name = handler_name;
  LWIP_DEBUGF(TIMERS_DEBUG, ("sys_timeout: %p abs_time=%"U32_F" handler=%s arg=%p\n",
                             (void *)timeout, abs_time, handler_name, (void *)arg));
#endif /* LWIP_DEBUG_TIMERNAMES */

  if (next_timeout == NULL) {
    next_timeout = timeout;
    return;
  }
  if (TIME_LESS_THAN(timeout->time, next_timeout->time)) {
    timeout->next = next_timeout;
    next_timeout = timeout;
  } else {
    for (t = next_timeout; t != NULL; t = t->next) {
      if ((t->next == NULL) || TIME_LESS_THAN(timeout->time, t->next->time)) {
        timeout->next = t->next;
        t->next = timeout;
        break;
      }
    }
  }
}

/**
 * Timer callback function that calls cyclic->handler() and reschedules itself.
 *
 * @param arg unused argument
 */
#if !LWIP_TESTMODE
static
#endif
void
lwip_cyclic_timer(void *arg)
{
  u32_t now;
  u32_t next_timeout_time;
  const struct lwip_cyclic_timer *cyclic = (const struct lwip_cyclic_timer *)arg;

#if LWIP_DEBUG_TIMERNAMES
  LWIP_DEBUGF(TIMERS_DEBUG, ("tcpip: %s()\n", cyclic->handler_name));
#endif
  cyclic->handler();

  now = sys_now();
  next_timeout_time = (u32_t)(current_timeout_due_time + cyclic->interval_ms);  /* overflow handled by TIME_LESS_THAN macro */
  if (TIME_LESS_THAN(next_timeout_time, now)) {
    /* timer would immediately expire again -> "overload" -> restart without any correction */
#if LWIP_DEBUG_TIMERNAMES
    sys_timeout_abs((u32_t)(now + cyclic->interval_ms), lwip_cyclic_timer, arg, cyclic->handler_name);
#else
    sys_timeout_abs((u32_t)(now + cyclic->interval_ms), lwip_cyclic_timer, arg);
#endif

  } else {
    /* correct cyclic interval with handler execution delay and sys_check_timeouts jitter */
#if LWIP_DEBUG_TIMERNAMES
    sys_timeout_abs(next_timeout_time, lwip_cyclic_timer, arg, cyclic->handler_name);
#else
    sys_timeout_abs(next_timeout_time, lwip_cyclic_timer, arg);
#endif
  }
}

/** Initialize this module */
void sys_timeouts_init(void)
{
  size_t i;
  for (i = 0; i < LWIP_ARRAYSIZE(lwip_cyclic_timers) - 1; i++) {
    /* we have to cast via size_t to get rid of const warning
      (this is OK as cyclic_timer() casts back to const* */
    sys_timeout(lwip_cyclic_timers[i].interval_ms, lwip_cyclic_timer, LWIP_CONST_CAST(void *, &lwip_cyclic_timers[i]));
  }
}

/**
 * Create a one-shot timer (aka timeout). Timeouts are processed in the
 * following cases:
 * - while waiting for a message using sys_timeouts_mbox_fetch()
 * - by calling sys_check_timeouts() (NO_SYS==1 only)
 *
 * @param msecs time in milliseconds after that the timer should expire
 * @param handler callback function to call when msecs have elapsed
 * @param arg argument to pass to the callback function
 */
#if LWIP_DEBUG_TIMERNAMES
void
sys_timeout_debug(u32_t msecs, sys_timeout_handler handler, void *arg, const char *handler_name)
#else /* LWIP_DEBUG_TIMERNAMES */
void
sys_timeout(u32_t msecs, sys_timeout_handler handler, void *arg)
#endif /* LWIP_DEBUG_TIMERNAMES */
{
  u32_t next_timeout_time;

  LWIP_ASSERT_CORE_LOCKED();

  LWIP_ASSERT("Timeout time too long, max is LWIP_UINT32_MAX/4 msecs", msecs <= (LWIP_UINT32_MAX / 4));

  next_timeout_time = (u32_t)(sys_now() + msecs); /* overflow handled by TIME_LESS_THAN macro */

#if LWIP_DEBUG_TIMERNAMES
  sys_timeout_abs(next_timeout_time, handler, arg, handler_name);
#else
  sys_timeout_abs(next_timeout_time, handler, arg);
#endif
}

/**
 * Go through timeout list (for this task only) and remove the first matching
 * entry (subsequent entries remain untouched), even though the timeout has not
 * triggered yet.
 *
 * @param handler callback function that would be called by the timeout
 * @param arg callback argument that would be passed to handler
*/
void
sys_untimeout(sys_timeout_handler handler, void *arg)
{
  struct sys_timeo *prev_t, *t;

  LWIP_ASSERT_CORE_LOCKED();

  if (next_timeout == NULL) {
    return;
  }

  for (t = next_timeout, prev_t = NULL; t != NULL; prev_t = t, t = t->next) {
    if ((t->h == handler) && (t->arg == arg)) {
      /* We have a match */
      /* Unlink from previous in list */
      if (prev_t == NULL) {
        next_timeout = t->next;
      } else {
        prev_t->next = t->next;
      }
      memp_free(MEMP_SYS_TIMEOUT, t);
      return;
    }
  }
  return;
}

/**
 * @ingroup lwip_nosys
 * Handle timeouts for NO_SYS==1 (i.e. without using
 * tcpip_thread/sys_timeouts_mbox_fetch(). Uses sys_now() to call timeout
 * handler functions when timeouts expire.
 *
 * Must be called periodically from your main loop.
 */
void
sys_check_timeouts(void)
{
  u32_t now;

  LWIP_ASSERT_CORE_LOCKED();

  struct sys_ondemand *const *od;

  /* Process only timers expired at the start of the function. */
  now = sys_now();

  for (od = sys_ondemand; *od != NULL; od++) {
    if ((*od)->active && !TIME_LESS_THAN(now, (*od)->due)) {
      (*od)->active = 0;
      (*od)->handler();
    }
  }

  do {
    struct sys_timeo *tmptimeout;
    sys_timeout_handler handler;
    void *arg;

    PBUF_CHECK_FREE_OOSEQ();

    tmptimeout = next_timeout;
    if (tmptimeout == NULL) {
      return;
    }

    if (TIME_LESS_THAN(now, tmptimeout->time)) {
      return;
    }

    /* Timeout has expired */
    next_timeout = tmptimeout->next;
    handler = tmptimeout->h;
    arg = tmptimeout->arg;
    current_timeout_due_time = tmptimeout->time;
#if LWIP_DEBUG_TIMERNAMES
    if (handler != NULL) {
      LWIP_DEBUGF(TIMERS_DEBUG, ("sct calling h=%s t=%"U32_F" arg=%p\n",
                                 tmptimeout->handler_name, sys_now() - tmptimeout->time, arg));
    }
#endif /* LWIP_DEBUG_TIMERNAMES */
    memp_free(MEMP_SYS_TIMEOUT, tmptimeout);
    if (handler != NULL) {
      handler(arg);
    }
    LWIP_TCPIP_THREAD_ALIVE();

    /* Repeat until all expired timers have been called */
  } while (1);
}

/** Rebase the timeout times to the current time.
 * This is necessary if sys_check_timeouts() hasn't been called for a long
 * time (e.g. while saving energy) to prevent all timer functions of that
 * period being called.
 */
void
sys_restart_timeouts(void)
{
  u32_t now;
  u32_t base;
  struct sys_timeo *t;

  if (next_timeout == NULL) {
    return;
  }

  now = sys_now();
  base = next_timeout->time;

  for (t = next_timeout; t != NULL; t = t->next) {
    t->time = (t->time - base) + now;
  }
}

/** Return the time left before the next timeout is due. If no timeouts are
 * enqueued, returns 0xffffffff
 */
u32_t
sys_timeouts_sleeptime(void)
{
  struct sys_ondemand *const *od;
  u32_t now, left, ret = SYS_TIMEOUTS_SLEEPTIME_INFINITE;

  LWIP_ASSERT_CORE_LOCKED();

  now = sys_now();
  for (od = sys_ondemand; *od != NULL; od++) {
    if ((*od)->active) {
      left = TIME_LESS_THAN((*od)->due, now) ? 0 : (*od)->due - now;
      ret = LWIP_MIN(ret, left);
    }
  }
  if (next_timeout != NULL) {
    left = TIME_LESS_THAN(next_timeout->time, now) ? 0 : next_timeout->time - now;
    ret = LWIP_MIN(ret, left);
  }
  return ret;
}

#else /* LWIP_TIMERS && !LWIP_TIMERS_CUSTOM */
/* Satisfy the code which calls these functions */
void
tcp_timer_needed(u32_t units)
{
  LWIP_UNUSED_ARG(units);
}

void
tcp_timer_sync(void)
{
}

void
ip_reass_timer_needed(void)
{
}

void
ip6_reass_timer_needed(void)
{
}
#endif /* LWIP_TIMERS && !LWIP_TIMERS_CUSTOM */
