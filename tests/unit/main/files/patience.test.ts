import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answered } from '../../../../src/main/files/patience'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const asked = (path: string, bytes = 0) =>
  ({ path, said: { en: 'could not be saved', zh: '无法保存' }, doing: 'write', bytes }) as const
const NONE = { text: { en: expect.stringMatching(/^p could not be saved: its disk gives no answer/) as string } }
/** A disk that answers when it is told to. */
function slowDisk() {
  let answer!: (value: string) => void
  const work = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)))
  return { work, answer: (value: string) => answer(value) }
}

describe('a disk', () => {
  it('has time by how much is asked of it', async () => {
    const { work, answer } = slowDisk()
    const waits = answered(asked('/slow/p', 1_000_000), work)
    await vi.advanceTimersByTimeAsync(45_000)
    answer('late, but there')
    expect(await waits).toBe('late, but there')
    const failing = answered(asked('/slow/p'), () => Promise.reject(new Error('its own')))
    await expect(failing).rejects.toThrow('its own')
  })
  it('that gives no answer is asked nothing more until it has, and no other one waits for it', async () => {
    const { work, answer } = slowDisk()
    const waits = expect(answered(asked('/away/p'), work)).rejects.toMatchObject(NONE)
    await vi.advanceTimersByTimeAsync(30_000)
    await waits
    await expect(answered(asked('/away/p'), work)).rejects.toMatchObject(NONE)
    expect(work).toHaveBeenCalledTimes(1)
    expect(await answered(asked('/here/p'), () => Promise.resolve(1))).toBe(1)
    answer('at last')
    await vi.advanceTimersByTimeAsync(0)
    expect(await answered(asked('/away/p'), () => Promise.resolve(2))).toBe(2)
  })
})
