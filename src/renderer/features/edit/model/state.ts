import { counted } from '@shared/base/text'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { defaultsOf, type Spec } from '@shared/base/params'
import type { OpenedModel } from '@shared/ipc/model'
import { datasets } from '@shared/catalog/datasets'
import { useChooseData } from '@/features/edit/data/choose'
import { useFiles } from '@/features/edit/project/files'
import { problemsOf } from '@/stores/problems'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

type Source = string | { name: string; bytes: Uint8Array }
/** Where the data of the new experiment come from: random ones, a file of one's own, or a data set by id. */
export type DataChoice = 'random' | 'table' | 'images' | `set:${string}`

/** A data set with its settings as they are at first. */
const whole = (id: string): Spec => ({ id, ...defaultsOf(datasets.get(id).fields) })
/** Whether a file is a model by its name. JSON may be an experiment as well. */
export const isModelFile = (name: string): boolean => /\.(keras|h5|hdf5|safetensors)$/i.test(name)

/** A model of another program that is being opened. */
export const useModel = defineStore('model', () => {
  const project = useProject()
  const ui = useUi()
  const files = useFiles()
  const { takeCsv, takeIdx } = useChooseData()
  const source = shallowRef<Source | null>(null)
  const model = shallowRef<OpenedModel | null>(null)
  const busy = ref(false)
  /** Faults that are not to be mended. */
  const kept = ref<string[]>([])
  const withWeights = ref(true)
  const data = ref<DataChoice>('random')

  const name = computed(() => {
    const s = source.value
    return s === null ? '' : typeof s === 'string' ? s.replace(/^.*[\\/]/, '') : s.name
  })
  /** Codes of the faults that are to be mended. */
  const mended = computed(() =>
    (model.value?.faults ?? []).filter((f) => !f.always && !kept.value.includes(f.code)).map((f) => f.code)
  )
  /** Data sets of this app whose examples have the shape and the task of the model, mended as it is to be. */
  const fitting = computed(() => {
    if (!model.value) return []
    const other = model.value.faults.find((f) => f.data && mended.value.includes(f.code))
    const given = other?.data ?? model.value.experiment.data.dataset
    const wanted = project.describe(given, 1).info
    return datasets.all.filter((d) => {
      if (d.id === 'randomData' || !wanted) return false
      const { info } = project.describe(whole(d.id), 1)
      return (
        !!info &&
        info.inputShape.join() === wanted.inputShape.join() &&
        info.task === wanted.task &&
        info.targetShape.join() === wanted.targetShape.join()
      )
    })
  })

  // What fits no more is chosen no more, and the dialog shows so.
  watch(
    fitting,
    (sets) => {
      if (data.value.startsWith('set:') && !sets.some((d) => data.value === `set:${d.id}`)) data.value = 'random'
    },
    { flush: 'sync' }
  )

  async function look(from: Source | null): Promise<void> {
    busy.value = true
    try {
      const result = await window.clinic.openModel(from, { mend: [], compare: true })
      if (result.ok) {
        source.value = from ?? result.path
        model.value = result.value
        kept.value = []
        withWeights.value = true
        data.value = 'random'
      } else if (!result.canceled)
        await ui.fail({ en: 'The model could not be opened', zh: '无法打开模型' }, result.problems)
    } catch (e) {
      await ui.fail({ en: 'The model could not be opened', zh: '无法打开模型' }, problemsOf(e))
    } finally {
      busy.value = false
    }
  }
  async function drop(file: File): Promise<void> {
    await look({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  /**
   * Adds the experiment to the project, beside those that are there, with its data. These are asked for first: once the
   * dialog is gone all is there, and nothing changes any more under a person's hands. Without a file the dialog stays.
   */
  async function take(): Promise<void> {
    const looked = model.value!
    const mend = mended.value
    busy.value = true
    try {
      const table = data.value === 'table' ? await files.pickCsv() : undefined
      const images = data.value === 'images' ? await files.pickIdx() : undefined
      if (table === null || images === null) return
      const result = await window.clinic.openModel(source.value, { mend, compare: false })
      // Closed meanwhile: nothing is wanted any more.
      if (model.value !== looked) return
      if (!result.ok) {
        if (!result.canceled)
          await ui.fail({ en: 'The model could not be opened', zh: '无法打开模型' }, result.problems)
        return
      }
      const { experiment, weights } = result.value
      const { weights: _, ...fresh } = experiment
      const isTaken = withWeights.value && weights
      const id = data.value.startsWith('set:') ? data.value.slice(4) : undefined
      const opened = isTaken ? { ...experiment, weights: project.attach(weights.name, weights.bytes) } : fresh
      // Before it is added: page Watch goes on showing the training of another program.
      ui.page = 'build'
      project.addExperiment(id ? { ...opened, data: { ...opened.data, dataset: whole(id) } } : opened)
      if (table) takeCsv(table.name, table.content)
      if (images) await takeIdx(images)
      close()
      const layers = opened.network.nodes.length
      ui.toast('ok', {
        en: `“${opened.name}” is open: ${counted(layers, 'layer')}${isTaken ? ', with its weights' : ''}`,
        zh: `已打开 “${opened.name}”：${layers} 层${isTaken ? '，含权重' : ''}`
      })
    } catch (e) {
      await ui.fail({ en: 'The model could not be opened', zh: '无法打开模型' }, problemsOf(e))
    } finally {
      busy.value = false
    }
  }
  function close(): void {
    model.value = null
    source.value = null
  }
  return { model, name, busy, kept, withWeights, data, fitting, mended, look, drop, take, close }
})
