import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { issuesToProblems } from '@shared/base/issues'

const schema = v.object({
  name: v.string(),
  seeds: v.optional(v.pipe(v.number(), v.minValue(1))),
  list: v.optional(v.pipe(v.array(v.number()), v.minLength(2))),
  either: v.optional(v.union([v.number(), v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(1))])),
  by: v.optional(v.record(v.string(), v.array(v.any())))
})
const said = (value: unknown) =>
  issuesToProblems(v.safeParse(schema, value).issues ?? [], 'plan').map((p) => [p.path, p.message.en, p.message.zh])

describe('what a schema has found', () => {
  it.each([
    [{}, ['plan.name', 'is missing', '缺少']],
    [{ name: 3 }, ['plan.name', 'must be a text, not 3', '应为文本，实际为 3']],
    [{ name: '', seeds: 0 }, ['plan.seeds', 'must be >=1, not 0', '应为 >=1，实际为 0']],
    [{ name: '', list: [1] }, ['plan.list', 'must have >=2 members, not 1', '应有 >=2 项，实际为 1 项']],
    [{ name: '', either: true }, ['plan.either', 'must be a number or a list, not true', '应为数或列表，实际为 true']],
    [{ name: '', either: [1, 'a'] }, ['plan.either.1', 'must be a number, not "a"', '应为数，实际为 "a"']],
    [{ name: '', either: [] }, ['plan.either', 'must have >=1 members, not 0', '应有 >=1 项，实际为 0 项']],
    [{ name: '', by: { 'a.b': 0.1 } }, ['plan.by.a.b', 'must be a list, not 0.1', '应为列表，实际为 0.1']]
  ])('is told in words, %j', (value, words) => expect(said(value)).toEqual([words]))
  it('is nothing of what holds', () => expect(said({ name: 'a', seeds: 2, list: [1, 2] })).toEqual([]))
})
