import { describe, expect, it } from 'vitest'
import { middlePair, shownCandidate, shownRuns } from '@shared/cure/middle'
import type { Prescription, Trial } from '@shared/cure/types'
import type { Change } from '@shared/experiment/diff'
import { parseSpec } from '@shared/base/params'
import { sumsOf, type Sums } from '@shared/experiment/attached'
import { lookup } from '@shared/experiment/lookup'
import { reportHtml, type ReportInput } from '@shared/report'
import { otherFiles } from '@shared/report/examples'
import { png } from '@shared/report/png'
import { reportRun } from '@shared/report/run'
import { RunLog } from '@shared/run/runLog'
import { sampleRun } from '../project/sample'

const HOSTILE = `<script>alert('1')</script>"&`
/** A run as a project holds it, with names that a person has chosen badly. */
function input(runs = 1): ReportInput {
  const log = RunLog.from(sampleRun())
  const { head, table: frames, ...kept } = log
  const run = reportRun({ ...kept, ...head, name: HOSTILE, experiment: { ...head.experiment, name: HOSTILE }, frames })!
  return {
    runs: Array.from({ length: runs }, () => run),
    files: [[`${HOSTILE}.csv`, 'ab']],
    remarks: [{ en: HOSTILE, zh: HOSTILE }],
    version: '1.2.3',
    made: '2026-11-29T09:00:00.000Z'
  }
}

describe('a report', () => {
  it.each(['en', 'zh'] as const)('is one file that loads nothing, in %s', (language) => {
    for (const page of [reportHtml(input(), language), reportHtml(input(2), language)]) {
      const addresses = [...page.matchAll(/(?:src|href|action)="([^"]*)"/g)].map((m) => m[1]!)
      expect(addresses.length).toBeGreaterThan(0)
      expect(addresses.filter((a) => !a.startsWith('data:'))).toEqual([])
      expect(page).not.toMatch(/@import|url\(\s*['"]?https?:|<link\b/)
    }
  })
  it('escapes whatever a person wrote', () => {
    const page = reportHtml(input(2), 'en')
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;')
  })
  it('holds its values as tables, and its experiment', () => {
    const page = reportHtml(input(), 'en')
    const file = (name: string): string => {
      const address = new RegExp(`download="${name}" href="data:[^,]*,([^"]*)"`).exec(page)![1]!
      return Buffer.from(address, 'base64').toString('utf8')
    }
    expect(file('curves.csv')).toMatch(/^step,loss/)
    expect((JSON.parse(file('experiment.json')) as { name: string }).name).toBe(HOSTILE)
  })
  it('is of a run that has recorded something', () => {
    const { head, table: _, ...kept } = RunLog.from(sampleRun())
    expect(reportRun({ ...kept, ...head, frames: undefined })).toBeUndefined()
  })
  it('says nothing of files that a run was not trained with', () => {
    const record = sampleRun()
    const dataset = { id: 'csv', file: 'a.csv' }
    const trained = (sums?: Sums) => {
      const { head, table: frames, ...kept } = RunLog.from({ ...record, ...(sums && { sums }) })
      const run = reportRun({ ...kept, ...head, frames })!
      return { ...run, experiment: { ...run.experiment, data: { ...run.experiment.data, dataset } } }
    }
    const files = { 'a.csv': 'a,b\n1,2\n', 'other.csv': '' }
    const now = sumsOf({ 'a.csv': files['a.csv'] })
    expect(otherFiles([trained(now), trained()], files)).toBeUndefined()
    expect(otherFiles([trained(now), trained(sumsOf({ 'a.csv': 'a,b\n1,3\n' }))], files)?.en).toMatch(/changed/)
    expect(otherFiles([trained(now)], {})).toBeDefined()
    // Sums are part of a run's record.
    expect(RunLog.from({ ...record, sums: now }).toRecord().sums).toEqual(now)
  })
  it('shows the middle seed of what came first, and the same seed untreated', () => {
    const trial = (seed: number, value: number, run: string): Trial => ({ seed, value, run, steps: 9 }) as Trial
    const untreated = [trial(1, 0.1, 'a'), trial(2, 0.3, 'b'), trial(3, 0.2, 'c')]
    const best = [trial(1, 0.7, 'd'), trial(2, 0.9, 'e'), trial(3, 0.8, 'f')]
    expect(middlePair(best, untreated)).toEqual(['c', 'f'])
    expect(middlePair(undefined, untreated)).toEqual(['c'])
    expect(middlePair(best, [])).toEqual(['f'])
    expect(middlePair([], [])).toEqual([])
  })
  it('shows nothing beside untreated that was trained over fewer steps, and nothing in its place', () => {
    const trial = (run: string, steps: number): Trial => ({ seed: 1, value: 0.5, run, steps }) as Trial
    const candidate = (group: string, ...seeds: Trial[]) => ({ group, seeds })
    const found = (...candidates: unknown[]): Prescription =>
      ({ candidates, case: { untreated: { seeds: [trial('u', 200)] } } }) as unknown as Prescription
    const runs = (there: string[], of: Prescription): string[] =>
      shownRuns(of, (name) => (there.includes(name) ? name : undefined))
    const dropped = candidate('dropped', trial('d', 60))
    const near = candidate('none', trial('n', 200))
    expect(shownCandidate(found(dropped))).toBeUndefined()
    expect(runs(['u', 'd'], found(dropped))).toEqual(['u'])
    // Bits that are the same are known before the last step.
    expect(runs(['u', 'i', 'n'], found(candidate('none', trial('i', 60)), near))).toEqual(['u', 'n'])
    expect(runs(['n'], found(near))).toEqual([])
    expect(runs(['u'], found(near))).toEqual(['u'])
  })
  it('tells what remedies cost a network that needs none, and says of none that it was dropped', async () => {
    const [run] = input().runs
    const trial = (seed: number, steps: number): Trial =>
      ({ seed, steps, value: 0.9, repaired: true, state: 'finished', stepMs: 1, run: 'a', bad: [] }) as unknown as Trial
    const seeds = [trial(1, 300), trial(2, 300)]
    const change = { path: 'training.l2', label: { en: '', zh: '' }, type: 'change' } as unknown as Change
    const costs = {
      changes: [change, change, change],
      off: [],
      advised: false,
      identical: false,
      stepCost: 1.5,
      mean: 0.9
    }
    const page = reportHtml(
      {
        ...input(),
        search: {
          experiment: run!.experiment,
          prescription: {
            case: {
              name: 'n',
              seeds: [1, 2],
              steps: 300,
              untreated: { seeds, mean: 0.9, interval: [0.9, 0.9] },
              findings: []
            },
            goal: { metric: 'accuracy', better: 'higher' },
            candidates: [
              {
                ...costs,
                id: 'l2',
                remedies: [parseSpec('remedies', 'l2', '', [], lookup)],
                group: 'dropped',
                dropped: 'cost',
                seeds: [trial(1, 60)],
                interval: [0.9, 0.9],
                repaired: { share: 1, interval: [0.2, 1] }
              }
            ],
            blocked: [],
            verdict: { state: 'healthy', text: { en: 'There is nothing to cure.', zh: '无需治疗。' } },
            trainings: 3
          }
        }
      },
      'en'
    )
    expect(page).toContain('its cost')
    // It is untreated that is shown: no arrow leads to a candidate, and no seed was repaired.
    expect(page).toContain('<b>Figure 1. Untreated.</b>')
    expect(page).not.toMatch(/<i>→<\/i>|seeds repaired/)
    // One remedy, whatever it changes: what the rank counts and page Cure shows.
    expect(page).toMatch(/× 1\.50<\/td>\s*<td class="r">1<\/td>/)
    expect(page).toContain('which need no cure')
    expect(page).not.toMatch(/dropped early|raced over/)
  })
  it('writes pictures that begin as PNG does', () => {
    const bytes = png(2, 1, Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255]))
    expect(Buffer.from(bytes.subarray(1, 4)).toString('latin1')).toBe('PNG')
    expect(Buffer.from(bytes.subarray(12, 16)).toString('latin1')).toBe('IHDR')
  })
})
