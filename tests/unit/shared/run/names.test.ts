import { describe, expect, it } from 'vitest'
import { continuedName, freeName, nextRunName } from '@shared/run/names'

describe('names of runs', () => {
  it('are counted per experiment, and never doubled', () => {
    const taken: string[] = []
    const next = (name: string, language: 'en' | 'zh' = 'en'): string => {
      taken.push(nextRunName(name, taken, language))
      return taken[taken.length - 1]!
    }
    expect([next('net'), next('net'), next('net 2'), next('net'), next('net 2')]).toEqual([
      'net',
      'net · run 2',
      'net 2',
      'net · run 3',
      'net 2 · run 2'
    ])
    expect(next('net · run 2')).toBe('net · run 4')
    expect([next('网络', 'zh'), next('网络', 'zh')]).toEqual(['网络', '网络 · 第 2 次'])
  })
  it('count on where a run was removed, in whatever language it was named', () => {
    expect(nextRunName('net', ['net · run 2'], 'en')).toBe('net · run 3')
    expect(nextRunName('net', ['net', 'net · 第 4 次'], 'en')).toBe('net · run 5')
    expect(nextRunName('net', ['network', 'net A'], 'en')).toBe('net')
  })
  it('say from which step a run goes on, once', () => {
    expect(continuedName('net', 120)).toBe('net @ 120')
    expect(continuedName('net · run 2', 120)).toBe('net · run 2 @ 120')
    expect(continuedName('net @ 120', 300)).toBe('net @ 300')
    expect(continuedName('net @ 120 · run 3', 300)).toBe('net @ 300')
  })
})
describe('names of experiments', () => {
  it('get the next number when they are taken', () => {
    expect(freeName('net', new Set())).toBe('net')
    expect(freeName('net', new Set(['net', 'net 2']))).toBe('net 3')
    expect(freeName('net 2', new Set(['net', 'net 2']))).toBe('net 3')
    expect(freeName('clip at 1', new Set(['clip at 1']))).toBe('clip at 1 2')
  })
})
