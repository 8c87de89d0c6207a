import { gunzipSync, gzipSync } from 'fflate'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Data } from '@shared/catalog/datasets'
import { inspectCsv, type InspectOptions } from '@shared/catalog/datasets/table/inspect'
import { useChooseData } from '@/features/edit/data/choose'
import { chosen, isSequence } from '@/features/edit/data/lines'
import { columnOffers, offersFor } from '@/features/edit/data/offers'
import { byClass, pictureOf } from '@/features/edit/data/points'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { idxBytes } from '../../../../../idxBytes'

beforeEach(() => {
  const nothing = vi.fn(async () => undefined)
  vi.stubGlobal('window', { clinic: { projectChanged: nothing, log: nothing, on: () => () => undefined } })
  setActivePinia(createPinia())
})
const images = (n: number): Uint8Array =>
  idxBytes(
    'ubyte',
    [n, 3, 3],
    Array.from({ length: n * 9 }, (_, i) => i % 256)
  )
const labels = (n: number): Uint8Array =>
  idxBytes(
    'ubyte',
    [n],
    Array.from({ length: n }, (_, i) => i % 3)
  )
const dataset = (): Record<string, unknown> => useProject().experiment.data.dataset

describe('taking IDX files', () => {
  it('tells images from labels by their shapes, in any order, and fits the experiment', async () => {
    await useChooseData().takeIdx([
      { name: 'l', bytes: labels(40) },
      { name: 'i', bytes: images(40) }
    ])
    expect(dataset()).toMatchObject({ id: 'idx', images: 'i', labels: 'l' })
    expect(useProject().info).toMatchObject({ count: 40, inputShape: [9], targetShape: [3] })
    expect(useProject().experiment.data.standardize).toBe(false)
    expect(useProject().problems).toEqual([])
  })
  it('takes them one after the other, and drops labels that are of other images', async () => {
    const { takeIdx } = useChooseData()
    await takeIdx([{ name: 'i', bytes: images(40) }])
    expect(dataset()).toMatchObject({ images: 'i', labels: '' })
    await takeIdx([{ name: 'l', bytes: labels(40) }])
    expect(dataset()).toMatchObject({ images: 'i', labels: 'l' })
    await takeIdx([{ name: 'j', bytes: images(40) }])
    expect(dataset()).toMatchObject({ images: 'j', labels: 'l' })
    await takeIdx([{ name: 'k', bytes: images(30) }])
    expect(dataset()).toMatchObject({ images: 'k', labels: '' })
  })
  it('keeps large ones packed, the same one once, and another of the same name beside it', async () => {
    const { takeIdx } = useChooseData()
    const large = images(9000)
    await takeIdx([{ name: 'i', bytes: large }])
    await takeIdx([{ name: 'i', bytes: large }])
    const kept = useProject().files['i'] as Uint8Array
    expect(kept.length).toBeLessThan(large.length / 10)
    expect(gunzipSync(kept)).toEqual(large)
    await takeIdx([{ name: 'i', bytes: images(20) }])
    expect(Object.keys(useProject().files)).toEqual(['i', 'i 2'])
    expect(dataset()).toMatchObject({ images: 'i 2' })
  })
  it('gives them to the experiment they were opened for, though another comes into view meanwhile', async () => {
    const project = useProject()
    const before = project.experiment
    const reading = useChooseData().takeIdx([{ name: 'i', bytes: images(40) }])
    project.addExperiment({ ...before, name: 'another' })
    await reading
    expect(project.experiments.map((e) => e.data.dataset.id)).toEqual(['idx', before.data.dataset.id])
    expect([project.current, useUi().selected]).toEqual([0, '@data'])
  })
  it('says so when that experiment is gone, and changes no other', async () => {
    const project = useProject()
    project.addExperiment({ ...project.experiment, name: 'another' })
    const left = project.experiments[0]!
    const reading = useChooseData().takeIdx([{ name: 'i', bytes: images(40) }])
    project.removeExperiment(1)
    await reading
    expect(project.experiments).toEqual([left])
    expect(Object.keys(project.files)).toEqual([])
    expect(useUi().toasts.at(-1)!.text.en).toMatch(/“i” was opened for is gone/)
  })
  it('says why it can’t, and leaves everything as it was', async () => {
    const fail = vi.spyOn(useUi(), 'fail').mockResolvedValue(undefined as never)
    const before = useProject().experiment
    await useChooseData().takeIdx([
      { name: 'i', bytes: images(40) },
      { name: 'x', bytes: images(40).slice(0, 50) }
    ])
    expect(fail.mock.calls[0]![1]).toMatchObject([
      { path: 'x', message: { en: expect.stringMatching(/376 bytes, it has 50/) } }
    ])
    expect(useProject().experiment).toBe(before)
    expect(useProject().files).toEqual({})
  })
  it('knows a dropped file by its first bytes', async () => {
    const { takeDropped } = useChooseData()
    const file = (name: string, content: Uint8Array | string): File =>
      new File([content as Uint8Array<ArrayBuffer>], name)
    await takeDropped([file('labels.csv', gzipSync(labels(40))), file('images.txt', images(40))])
    expect(dataset()).toMatchObject({ id: 'idx', images: 'images.txt', labels: 'labels.csv' })
    await takeDropped([file('table', 'a,b\n1,0.5\n2,0.75\n3,1\n')])
    expect(dataset()).toMatchObject({ id: 'csv', file: 'table' })
  })
})

describe('what is shown of data', () => {
  const data = (classes: string[] | undefined, of: number[], inputShape: number[], more: Partial<Data> = {}): Data => ({
    inputShape,
    targetShape: [classes?.length ?? 1],
    task: classes ? 'multiclass' : 'regression',
    count: of.length,
    ...(classes && { classes }),
    x: new Float32Array(of.length * inputShape.reduce((a, b) => a * b, 1)),
    y: Float32Array.from(of.flatMap((k) => (classes ? classes.map((_, c) => Number(c === k)) : [k]))),
    ...more
  })
  it('has a column or more for each class', () => {
    const three = data(['a', 'b', 'c'], [2, 0, 0, 1, 0, 2, 0, 0], [4])
    expect(byClass(three, 8, 2)).toEqual([
      { name: 'a', examples: [1, 4] },
      { examples: [2, 6] },
      { name: 'b', examples: [3] },
      { examples: [] },
      { name: 'c', examples: [0] },
      { examples: [5] }
    ])
    expect(byClass(data(undefined, [1, 2, 3], [4]), 2, 2)).toEqual([{ examples: [0, 2] }, { examples: [1] }])
  })
  it('is a picture, a sequence, or neither', () => {
    expect(pictureOf({ inputShape: [28, 28, 1], picture: [28, 28] })).toEqual([28, 28])
    expect(pictureOf({ inputShape: [64], featureNames: ['pixel00'] })).toEqual([8, 8])
    expect(pictureOf({ inputShape: [64] })).toBeUndefined()
    expect(
      [
        [28, 28],
        [5, 2]
      ].map((inputShape, i) => isSequence({ inputShape, ...(!i && { picture: [28, 28] as [number, number] }) }))
    ).toEqual([false, true])
  })
  it('are as many sequences of each class', () => {
    expect(
      chosen(
        data(
          ['a', 'b', 'c'],
          Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : i % 3)),
          [3, 2]
        )
      )
    ).toEqual([0, 1, 2, 3, 40, 41, 43, 44, 46, 47, 49, 50])
    expect(chosen(data(undefined, Array(40).fill(1) as number[], [3, 2]))).toEqual([0, 20])
    expect(chosen(data(['a', 'b'], [0, 0, 0, 1, 1], [3, 2]), 2)).toEqual([0, 3])
  })
})

describe('a table with missing cells', () => {
  const offered = (): ReturnType<typeof offersFor> => {
    const project = useProject()
    return offersFor(project.described.problems, project.experiment.data.dataset, (d) => !!project.describe(d, 1).info)
  }
  it('is refused, and read with one click when its rows are left out or filled', () => {
    const { takeCsv, choose } = useChooseData()
    const project = useProject()
    takeCsv('t.csv', `a,t\n1,x\n,y\n${Array.from({ length: 30 }, (_, i) => `${i},${i % 2 ? 'x' : 'y'}`).join('\n')}\n`)
    expect(project.canTrain).toBe(false)
    expect(offered().map((o) => o.label)).toEqual([
      { en: 'Missing values: Leave the row out', zh: '缺失值：忽略该行' },
      { en: 'Missing values: Mean of the column', zh: '缺失值：该列均值' }
    ])
    choose(offered()[0]!.dataset)
    expect(project.info!.count).toBe(31)
    expect(project.problems).toEqual([])
    expect(offered()).toEqual([])
  })
  it('is offered only what makes it readable', () => {
    // Every row lacks something: without them nothing is left.
    useChooseData().takeCsv('t.csv', 'a,b,t\n1,,x\n,2,y\n')
    expect(offered().map((o) => o.dataset['missing'])).toEqual(['mean'])
  })
})

describe('columns that give reason to ask', () => {
  const rows = (cell: (i: number) => string): string =>
    `zip,b,t\n${Array.from({ length: 60 }, (_, i) => cell(i)).join('\n')}\n`
  /** What is offered for a table, and the project with it. */
  const offered = (): ReturnType<typeof columnOffers> => {
    const project = useProject()
    const chosenData = project.experiment.data.dataset
    const text = project.files[String(chosenData['file'])] as string
    return columnOffers(inspectCsv(text, chosenData as InspectOptions).columns, chosenData)
  }
  it('take a value far from all others for a missing one, and codes for names, with one click', () => {
    const { takeCsv, choose } = useChooseData()
    const project = useProject()
    takeCsv(
      't.csv',
      rows((i) => `0${1000 + (i % 4)},${i % 9 ? (i % 7) + 0.5 : -999},${i % 2 ? 'x' : 'y'}`)
    )
    expect(project.remarks.map((r) => r.code)).toEqual(expect.arrayContaining(['sentinel', 'codesAsNumbers']))
    const [mark, names] = offered()
    expect([mark!.label.en, names!.label.zh]).toEqual([
      '“-999” marks a missing value: leave the row out',
      '将“zip”按类别读取'
    ])
    choose(names!.dataset)
    // Four codes are four inputs.
    expect(project.info!.inputShape).toEqual([5])
    expect(offered().map((o) => o.label)).toEqual([mark!.label])
    choose(offered()[0]!.dataset)
    expect(project.info!.count).toBe(60 - 7)
    expect(offered()).toEqual([])
  })
  it('take a cell that no number can be read from for a missing one', () => {
    useChooseData().takeCsv(
      't.csv',
      rows((i) => `${i},${i % 10 ? i % 7 : 'n.d.'},${i % 2 ? 'x' : 'y'}`)
    )
    expect(offered().map((o) => o.label.en)).toContain('“n.d.” marks a missing value: leave the row out')
  })
})
