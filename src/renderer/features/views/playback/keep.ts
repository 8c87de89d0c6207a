import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

/** Keeps the run on screen as it is now, so that it can be continued from there, and says how that went. */
export async function keepStep(): Promise<void> {
  const ui = useUi()
  const made = await useRuns().keep()
  if (made.ok)
    return ui.toast('ok', {
      en: `Kept at step ${made.step}: a run can be continued from here`,
      zh: `已保存第 ${made.step} 步：可由此继续运行`
    })
  const why = made.failure.problems?.[0]?.message ?? made.failure.message
  ui.toast('bad', { en: `Could not be kept: ${why.en}`, zh: `无法保存：${why.zh}` })
}
