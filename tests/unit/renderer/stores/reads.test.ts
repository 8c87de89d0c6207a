import { expect, it } from 'vitest'

const sources = import.meta.glob<string>('/src/renderer/**/*.{ts,vue}', {
  eager: true,
  query: '?raw',
  import: 'default'
})

/** What a view must not reach: with these it could read a run without being told when it grows. */
const inner: [what: string, pattern: RegExp][] = [
  ['imports a file of the store instead of its index', /from '@\/stores\/runs\//],
  ['imports the table of frames', /import (?!type)[^;]*?\bFrameTable\b[^;]*?from '@shared\/run\/frameTable'/],
  ['imports the log of a run', /from '@shared\/run\/runLog'/],
  ['counts how a run grows', /\.(revision|growth)\b/]
]

it('views read runs through the store alone', () => {
  const outside = Object.entries(sources).filter(([path]) => !path.startsWith('/src/renderer/stores/runs/'))
  expect(outside.length).toBeGreaterThan(100)
  const found = outside.flatMap(([path, text]) =>
    inner.flatMap(([what, pattern]) => (pattern.test(text) ? [`${path} ${what}`] : []))
  )
  expect(found).toEqual([])
})
it('tells a view that reaches too far', () => {
  const told = (text: string): string[] => inner.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []))
  expect(told("import { Recording } from '@/stores/runs/run'")).toHaveLength(1)
  expect(told("import { FrameTable } from '@shared/run/frameTable'")).toHaveLength(1)
  expect(told("import { RunLog } from '@shared/run/runLog'")).toHaveLength(1)
  expect(told('void run.revision')).toHaveLength(1)
  expect(told("import type { FrameReader } from '@shared/run/frameTable'")).toHaveLength(0)
})
