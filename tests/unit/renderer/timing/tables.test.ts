import { expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { datasets } from '@shared/catalog/datasets'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { makeData } from '@/stores/project/data'
import { tables, tablesReady, tableText, TablesMissing } from '@/timing/tables'

it('a table that ships with the app is seen once it is loaded, which the first look at it begins', async () => {
  // The window's build has the data set ask this module.
  const iris = datasets.get('iris')
  const load = iris.load.bind(iris)
  const asked = vi.spyOn(iris, 'load').mockImplementation((...args) => {
    tableText('iris')
    return load(...args)
  })
  const data = makeData(shallowRef({}))
  const of = (id: string): Experiment => parseExperiment({ data: { dataset: { id } } })
  // What a table says of itself is known without it, and data that is made needs none.
  expect(data.describe({ id: 'iris' }, 1).info).toMatchObject({ count: 150, inputShape: [4] })
  expect(data.look(of('moons'))).toBeDefined()
  expect(asked).not.toHaveBeenCalled()
  expect(data.look(of('iris'))).toBeUndefined()
  expect(() => tableText('iris')).toThrow(TablesMissing)
  await vi.waitUntil(() => tables.value)
  await tablesReady()
  expect(data.look(of('iris'))!.x.length).toBe(600)
  expect(tableText('iris')).toContain('setosa')
})
