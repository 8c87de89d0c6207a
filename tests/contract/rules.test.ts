import { describe, expect, it } from 'vitest'
import { remedies } from '@shared/clinic/remedies'
import { Judge } from '@shared/clinic/judge'
import { HEALTHY, kindName, measuresOf, rules } from '@shared/clinic/rules'
import { S } from '@shared/clinic/rules/parts/view'
import { statistics } from '@shared/catalog/statistics'
import { makeView, profile } from '../unit/shared/clinic/rules/view'

describe.each(rules.all.map((r) => [r.id, r] as const))('rule %s', (_id, rule) => {
  it('says what it looks for in both languages', () => {
    for (const t of [rule.name, rule.doc, ...Object.values(rule.fields).map((f) => f.label)])
      expect(t.en && t.zh).toBeTruthy()
    for (const t of [rule.short, ...Object.values(rule.measures)]) expect(t.en && t.zh).toBeTruthy()
    expect(kindName(rule.kind)).toEqual(rule.short)
  })
  it('is silent on an empty run and on a healthy one of any length', () => {
    const m = makeView(['dense', 'dense', 'dense', 'dense'])
    expect(m.view.length).toBe(0)
    for (let i = 0; i < 80; i++) {
      m.frame({ loss: 1 / (i + 1), accuracy: 1 - 1 / (i + 2) }, { activationGradientRms: profile(4, 0.9) })
      expect(rule.judge(m.view)).toBeUndefined()
    }
  })
  it('copes with layers that lack a statistic, and with values that are no numbers', () => {
    for (const bad of [NaN, Infinity, -Infinity, 0]) {
      const m = makeView(['dense', 'flatten', 'dense', 'dense'])
      for (let i = 0; i < 20; i++) {
        m.frame(
          { loss: bad, accuracy: bad, gradientNorm: bad },
          {
            activationGradientRms: bad,
            updateRatio: bad,
            deadShare: bad,
            saturatedShare: bad,
            weightNonFinite: Math.abs(bad),
            activationNonFinite: Math.abs(bad)
          }
        )
        const v = rule.judge(m.view)
        if (!v) continue
        expect(v.text.en && v.text.zh).toBeTruthy()
        expect(`${v.text.en}${v.text.zh}`).not.toContain('undefined')
        for (const id of v.layers) expect(m.view.schema.layers.map((l) => l.id)).toContain(id)
        for (const name of [...Object.keys(v.measured), ...Object.keys(v.threshold)])
          expect(Object.keys(rule.measures)).toContain(name)
        // The advice is worth something only if it exists.
        for (const id of v.advice) expect(remedies.ids()).toContain(id)
      }
    }
  })
})
it('a kind of finding has a short name, also the one that no rule finds and one that is not known here', () => {
  expect(kindName(HEALTHY)).toEqual({ en: 'Healthy', zh: '健康' })
  expect(kindName('ofAnotherProgram')).toEqual({ en: 'ofAnotherProgram', zh: 'ofAnotherProgram' })
})
it('what is measured of a healthy run has names in both languages, too', () => {
  const m = makeView(['dense', 'dense', 'dense', 'dense'])
  const judge = new Judge(m.view)
  for (let i = 0; i < 80; i++) {
    m.frame({ loss: 1 / (i + 1), accuracy: 1 - 1 / (i + 2) }, { activationGradientRms: profile(4, 0.9) })
    judge.look(true)
  }
  const [found] = judge.findings()
  expect(found!.kind).toBe(HEALTHY)
  const names = measuresOf(found!.rule)
  expect(Object.keys(found!.measured)).toEqual(['loss', 'firstToLast'])
  for (const key of Object.keys(found!.measured)) expect(names[key]!.zh).toMatch(/\p{Script=Han}/u)
})
it('rules read statistics that are measured', () => {
  for (const id of Object.values(S)) expect(statistics.ids()).toContain(id)
})
