/** Problems that are alike are told as one, with a count and their places. */
import { describe, expect, it } from 'vitest'
import { InputError, problem, together, type Problem } from '@shared/base/problems'

const at = (...paths: string[]): Problem[] => paths.map((p) => problem(p, 'is wrong', '有误'))
const lines = (problems: readonly Problem[]): string[] => together(problems).map((p) => `${p.path}: ${p.message.en}`)

describe('the same problem in several layers', () => {
  it('is told once, at the first of them, with a count and where the others are', () => {
    const units = at('nodes.h0.params.units', 'nodes.h1.params.units', 'nodes.h2.params.units')
    const bias = at('nodes.h0.params.bias')
    const told = together([units[0]!, bias[0]!, ...units.slice(1)])
    expect(told.map((p) => `${p.path}: ${p.message.en}`)).toEqual([
      'nodes.h0.params.units: is wrong; likewise in 2 more places: h1, h2',
      'nodes.h0.params.bias: is wrong'
    ])
    expect(told[0]!.message.zh).toBe('有误；另有 2 处相同：h1、h2')
  })
  it('names eight more at most, and counts all', () =>
    expect(lines(at(...Array.from({ length: 12 }, (_, i) => `nodes.h${i}.units`)))).toEqual([
      'nodes.h0.units: is wrong; likewise in 11 more places: h1, h2, h3, h4, h5, h6, h7, h8 …'
    ]))
  it('keeps apart what differs: in words, in severity, in the parameter, in its place', () => {
    const told = [
      problem('nodes.a.units', 'is wrong', '有误'),
      problem('nodes.b.units', 'is wrong', '有误', { severity: 'warning' }),
      problem('nodes.a.rate', 'is wrong', '有误'),
      problem('training.a.units', 'is wrong', '有误'),
      problem('nodes.b.units', 'is missing', '缺失')
    ]
    expect(together(told)).toEqual(told)
  })
  it('twice in one place is told once', () => expect(lines(at('a.b', 'a.b'))).toEqual(['a.b: is wrong']))
  it('leaves room for others in an error that holds as many as a person reads', () => {
    const many = at(...Array.from({ length: 60 }, (_, i) => `nodes.h${i}.units`))
    const last = problem('training.steps', 'is missing', '缺失')
    expect(new InputError([...many, last]).problems.map((p) => p.path)).toEqual(['nodes.h0.units', 'training.steps'])
    expect(new InputError(many.slice(0, 50)).problems).toHaveLength(50)
  })
})
