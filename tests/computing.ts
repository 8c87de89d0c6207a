/**
 * Milliseconds of processor time that this process has computed since then, all its threads together: what other
 * programs of the machine do meanwhile does not count.
 */
export function computing(): () => number {
  const from = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1000
  }
}
/**
 * How many times longer than its processor time something takes at the moment, because other programs compute as well:
 * 1 where none does. What is promised in seconds is promised of a machine that has them.
 */
export function crowding(): number {
  const [began, computed] = [performance.now(), computing()]
  while (computed() < 100);
  return Math.max(1, (performance.now() - began) / computed())
}
