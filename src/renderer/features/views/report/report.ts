import { defineStore } from 'pinia'
import { computed } from 'vue'
import { prescriptionCsv } from '@shared/cure/csv'
import { prescriptionJson } from '@shared/cure/json'
import { shownRuns } from '@shared/cure/middle'
import type { ReportInput, ReportRun } from '@shared/report'
import { reportRun } from '@shared/report/run'
import { language } from '@/i18n'
import { useCompare } from '@/stores/compare'
import { useProject } from '@/stores/project'
import { isActive, useRuns, type Run } from '@/stores/runs'
import { fileName, useSaving } from '@/stores/saving'
import { useSearch } from '@/stores/search'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import { tablesReady } from '@/timing/tables'

/** What a report is about. */
interface Subject {
  name: string
  /** One run, or two that are held side by side. */
  runs: readonly Run[]
  search?: NonNullable<ReportInput['search']>
}

const isOver = (run: Run | undefined): run is Run =>
  run !== undefined && !isActive(run.progress.state) && run.watched === undefined && !!run.frames?.length
async function sha256(content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return [...sum].map((b) => b.toString(16).padStart(2, '0')).join('')
}

/** Reports of what is on screen: of the search, of the two runs that are compared, or of the run in view. */
export const useReport = defineStore('reports', () => {
  const ui = useUi()
  const runs = useRuns()
  const compare = useCompare()
  const search = useSearch()
  const project = useProject()
  const settings = useSettings()
  const { busy, save, print } = useSaving()

  const prescription = computed(() => search.state?.prescription)
  const subject = computed<Subject | undefined>(() => {
    if (ui.page === 'cure') {
      const { order, time } = search.state ?? {}
      const found = prescription.value
      if (!order || !found) return undefined
      const shown = shownRuns(found, (id) => {
        const run = runs.find(id)
        return isOver(run) ? run : undefined
      })
      const { experiment, consider } = order
      return {
        name: experiment.name,
        runs: shown,
        search: {
          prescription: found,
          experiment,
          ...(time !== undefined && { time }),
          ...(consider && { consider })
        }
      }
    }
    const shown = ui.page === 'compare' ? [...new Set(compare.pair)].map((k) => compare.chosen[k]) : [runs.current]
    const over = shown.filter(isOver)
    return over.length === shown.length ? { name: over.map((r) => r.name).join(' vs '), runs: over } : undefined
  })
  const has = computed(() => !busy.value && !!subject.value?.runs.length)

  /** @returns one file of HTML; its code is loaded when it is asked for */
  async function make({ runs: shown, search: answer }: Subject): Promise<string> {
    const [{ reportHtml }, { examplesOf, otherFiles }] = await Promise.all([
      import('@shared/report'),
      import('@shared/report/examples'),
      tablesReady()
    ])
    const { experiment } = shown[0]!
    const other = otherFiles(
      shown.map(({ experiment: e, sums }) => ({ experiment: e, ...(sums && { sums }) })),
      project.files
    )
    const files = other ? {} : project.filesOf(experiment)
    const examples = other ? undefined : examplesOf(experiment, files)
    const sums = Object.entries(files).map(async ([name, content]) => [name, await sha256(content)] as const)
    return reportHtml(
      {
        runs: shown.map(reportRun).filter((r): r is ReportRun => r !== undefined),
        ...(answer && { search: answer }),
        files: await Promise.all(sums),
        ...(examples && { dataSum: await sha256(examples.bytes) }),
        remarks: other ? [other] : (examples?.remarks ?? []).map((r) => r.message),
        version: settings.info?.versions['app'] ?? '',
        made: new Date().toISOString()
      },
      language()
    )
  }
  const base = (of: Subject): string => fileName(of.name).slice(0, 60)
  /** @returns whether it was written */
  async function put(form: 'html' | 'pdf'): Promise<boolean> {
    const of = subject.value
    if (!has.value || !of) return false
    const name = `${base(of)}-report.${form}`
    return form === 'pdf'
      ? print(name, () => make(of))
      : save(name, async () => new TextEncoder().encode(await make(of)))
  }
  /** Writes the answer of the search. @returns whether it was written */
  async function putPrescription(form: 'csv' | 'json'): Promise<boolean> {
    const found = prescription.value
    if (busy.value || !found) return false
    const trained = runs.find(found.case.untreated.seeds[0]?.run ?? '')?.schema?.versions ?? {}
    const versions = { 'gradient-clinic': settings.info?.versions['app'] ?? '', ...trained }
    return save(`prescription.${form}`, () =>
      new TextEncoder().encode(form === 'csv' ? prescriptionCsv(found) : prescriptionJson(found, versions))
    )
  }
  return { busy, has, prescription, put, putPrescription }
})
