/**
 * Milliseconds since 1970 by the clock of the machine, which people and time servers set: for names, and for times that
 * are compared with those on disk. How long something takes, and how long something waits, `performance.now()` tells.
 */
export const wallClock = (): number => new Date().getTime()
