import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { makePace } from '@/timing/pace'
import { forgetTurn, inTurn } from '@/timing/turns'

let clock = 0
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** How often work that takes `cost` ms is called within `within` ms, asked for at each of them. */
async function calls(cost: number, within: number): Promise<number> {
  let n = 0
  const ask = makePace(() => {
    n++
    clock += cost
  })
  for (const end = clock + within; clock < end; clock++) {
    ask()
    await nextTick()
  }
  return n
}

it('what costs nothing is called a dozen times a second, what costs much so often that it takes a twenty-fifth of the time', async () => {
  expect(await calls(0, 1000)).toBeGreaterThanOrEqual(12)
  expect(await calls(0, 1000)).toBeLessThanOrEqual(13)
  // The first had not to wait.
  const share = (((await calls(20, 9000)) - 1) * 20) / 9000
  expect(share).toBeLessThanOrEqual(1 / 25)
  expect(share).toBeGreaterThan(1 / 27)
  // Never so seldom that it looks stuck.
  expect(await calls(200, 8000)).toBeGreaterThanOrEqual(7)
})
it('many asks are one call, the first at once, and one that must not wait does not', async () => {
  const work = vi.fn()
  const ask = makePace(work)
  for (let i = 0; i < 5; i++) ask()
  expect(work).toHaveBeenCalledTimes(1)
  ask(true)
  expect(work).toHaveBeenCalledTimes(2)
  await nextTick()
  // What was due is taken care of.
  vi.advanceTimersByTime(1000)
  expect(work).toHaveBeenCalledTimes(2)
  ask()
  expect(work).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1000)
  expect(work).toHaveBeenCalledTimes(3)
})
it('what is drawn in its turn afterwards counts as well', async () => {
  const frames: (() => void)[] = []
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => frames.push(f))
  let n = 0
  const ask = makePace(() => {
    n++
    clock += 5
    for (const k of [0, 1])
      inTurn(() => {
        clock += 8 + k
        return () => void (clock += 2)
      })
  })
  const begin = clock
  for (; clock < begin + 9000; clock++) {
    ask()
    await nextTick()
    if (clock % 4 === 0) frames.splice(0).forEach((f) => f())
    vi.advanceTimersByTime(1)
  }
  while (frames.length) frames.splice(0).forEach((f) => f())
  vi.unstubAllGlobals()
  // 26 ms each, but seldom enough for a twenty-fifth of the time; the first had not to wait.
  expect(((n - 1) * 26) / 9000).toBeLessThanOrEqual(1 / 25)
  expect(((n - 1) * 26) / 9000).toBeGreaterThan(1 / 32)
})
it("one job has a frame, what it leaves has the next, and then it is the next job's turn", () => {
  const frames: (() => void)[] = []
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => frames.push(f))
  const did: string[] = []
  const job = (name: string) => () => {
    did.push(name)
    return () => void did.push(`${name} rest`)
  }
  const [a, b, c] = [job('a'), job('b'), job('c')]
  for (const j of [a, b, c, a]) inTurn(j)
  const seen: string[][] = []
  while (frames.length) {
    const before = did.length
    frames.splice(0).forEach((f) => f())
    seen.push(did.slice(before))
    // Forgotten, a job is not done, nor what it left.
    if (did[did.length - 1] === 'b') for (const j of [b, c]) forgetTurn(j)
  }
  vi.unstubAllGlobals()
  expect(seen).toEqual([['a'], ['a rest'], ['b'], []])
})
