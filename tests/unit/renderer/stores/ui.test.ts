import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useUi } from '@/stores/ui'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => vi.useRealTimers())

it('a note goes by itself, but not while somebody is at it', () => {
  const ui = useUi()
  const words = { en: 'Saved', zh: '已保存' }
  const there = (): number => ui.toasts.length
  ui.toast('ok', words)
  vi.advanceTimersByTime(5900)
  expect(there()).toBe(1)
  vi.advanceTimersByTime(200)
  expect(there()).toBe(0)

  ui.toast('ok', words)
  vi.advanceTimersByTime(5900)
  ui.hold(ui.toasts[0]!)
  vi.advanceTimersByTime(60_000)
  expect(there()).toBe(1)
  // Left alone, it has its time anew.
  ui.letGo(ui.toasts[0]!)
  vi.advanceTimersByTime(5900)
  expect(there()).toBe(1)
  vi.advanceTimersByTime(200)
  expect(there()).toBe(0)
})
