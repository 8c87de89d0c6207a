import { datasets } from '@shared/datasets'
import type { Spec } from '@shared/params'
import { parseSpec } from '@shared/params'
import { lookup } from '@shared/lookup'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { adaptTo } from './adapt'

/** Changing the data of the experiment in view, with what must change along with it. */
export function useChooseData(): { choose(dataset: Spec, merge?: string): void; takeCsv(name: string, text: string): void } {
  const project = useProject()
  const ui = useUi()

  function choose(dataset: Spec, merge?: string): void {
    const other = dataset.id !== project.experiment.data.dataset.id
    const { info } = project.describe(dataset, project.experiment.seed)
    const entry = datasets.get(dataset.id)
    const next = {
      ...project.experiment,
      data: { ...project.experiment.data, dataset, ...(other && { standardize: entry.standardize, validation: dataset.id === 'randomPairs' ? 0 : project.experiment.data.validation || 0.2 }) }
    }
    const fitted = info ? adaptTo(next, info, other ? project.info?.task : undefined) : { experiment: next, changes: [] }
    project.edit(() => fitted.experiment, merge)
    if (fitted.changes.length)
      ui.toast('info', { en: `Fitted to the data: ${fitted.changes.map((c) => c.en).join('; ')}`, zh: `已按数据调整：${fitted.changes.map((c) => c.zh).join('；')}` })
  }
  /** Takes a table into the project and trains on it: target and columns as they were understood, to be changed at will. */
  function takeCsv(name: string, text: string): void {
    const file = project.attach(name, text)
    choose(parseSpec('datasets', { id: 'csv', file }, 'data.dataset', [], lookup))
    ui.select('@data')
  }
  return { choose, takeCsv }
}
