import { lookup } from '@shared/experiment/lookup'
import {
  defaultsOf,
  fieldsToJsonSchema,
  parseParams,
  type Field,
  type Fields,
  type NumberField,
  type Params
} from '@shared/base/params'
import { makeRegistry } from '@shared/base/registry'
import { statistics } from '@shared/catalog/statistics'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { describe, expect, it } from 'vitest'
import { registries } from '../../src/cli/list'

const full = (t: Text): void => {
  expect(t.en.trim()).not.toBe('')
  expect(t.zh.trim()).not.toBe('')
}
const read = (fields: Fields, value: unknown): { params: Params; problems: Problem[] } => {
  const problems: Problem[] = []
  return { params: parseParams(fields, value, 'at', problems, lookup), problems }
}
/** Values that a field must refuse. */
function wrong(f: Field): unknown[] {
  const number = (n: NumberField): unknown[] => [
    ...(n.min !== undefined ? [n.min - 1] : []),
    ...(n.max !== undefined ? [n.max + 1] : []),
    ...(n.above !== undefined ? [n.above] : []),
    ...(n.below !== undefined ? [n.below] : []),
    ...(n.integer ? [n.default + 0.5] : []),
    NaN,
    Infinity,
    '1',
    null
  ]
  switch (f.type) {
    case 'number':
      return number(f)
    case 'bool':
      return [0, 'true', null]
    case 'choice':
      return ['no such option', 0]
    case 'text':
      return [7, null]
    case 'columns':
      return ['a', [1]]
    case 'ref':
      return ['no such entry', { id: 3 }, 5, { id: f.default.id, 'no such parameter': 1 }]
  }
}

it('there are ten registries, which are listed', () => {
  expect(registries.map((r) => r.name).sort()).toEqual([
    'activations',
    'datasets',
    'initializers',
    'layers',
    'losses',
    'optimizers',
    'remedies',
    'rules',
    'schedules',
    'statistics'
  ])
})

describe.each(registries.map((r) => [r.name, r] as const))('registry of %s', (_name, registry) => {
  it('has entries, each under its own id', () => {
    expect(registry.all.length).toBeGreaterThan(0)
    expect(new Set(registry.ids()).size).toBe(registry.all.length)
    for (const e of registry.all) expect(registry.get(e.id)).toBe(e)
    expect(() => registry.get('no such entry')).toThrow(registry.ids()[0])
    expect(registry.find('toString')).toBeUndefined()
  })
  describe.each(registry.all.map((e) => [e.id, e] as const))('%s', (_id, e) => {
    it('speaks both languages', () => {
      full(e.name)
      full(e.doc)
      for (const f of Object.values(e.fields)) {
        full(f.label)
        if (f.help) full(f.help)
        if (f.type === 'choice') f.options.forEach((o) => full(o.label))
      }
    })
    it('has an id that files and shells can carry', () => expect(e.id).toMatch(/^[a-z][A-Za-z0-9]*$/))
    it('accepts its defaults, and fills them in', () => {
      const defaults = defaultsOf(e.fields, lookup)
      expect(read(e.fields, defaults)).toEqual({ params: defaults, problems: [] })
      expect(read(e.fields, undefined)).toEqual({ params: defaults, problems: [] })
    })
    it('refuses what is out of range, naming the field', () => {
      for (const [k, f] of Object.entries(e.fields))
        for (const value of wrong(f)) {
          const { problems } = read(e.fields, { [k]: value })
          expect(problems, `${k} = ${String(value)}`).toHaveLength(1)
          expect(problems[0]!.path).toMatch(new RegExp(`^at\\.${k}(\\.|$)`))
          full(problems[0]!.message)
        }
      expect(read(e.fields, { 'no such parameter': 1 }).problems[0]!.path).toBe('at.no such parameter')
    })
    it('has a JSON Schema that knows every field', () => {
      const schema = fieldsToJsonSchema(e.fields) as { properties: object; additionalProperties: boolean }
      expect(Object.keys(schema.properties)).toEqual(Object.keys(e.fields))
      expect(schema.additionalProperties).toBe(false)
    })
  })
})

it('a statistic is healthy between two values of its own scale', () => {
  const told = statistics.all.filter((s) => s.healthy)
  expect(told.map((s) => s.id)).toContain('updateRatio')
  for (const { id, healthy, scale } of told) {
    expect(healthy![0], id).toBeLessThan(healthy![1])
    if (scale === 'log' || scale === 'ratio') expect(healthy![0], id).toBeGreaterThan(0)
  }
})

it('a registry refuses a file that is not what its name says', () => {
  const entry = { id: 'b', name: { en: 'B', zh: 'B' }, doc: { en: 'B', zh: 'B' }, fields: {} }
  expect(() => makeRegistry('things', { './a.ts': entry })).toThrow('"a"')
  expect(() => makeRegistry('things', { './b.ts': undefined as never })).toThrow('"b"')
})
