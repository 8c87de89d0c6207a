import { argument } from '../rounds'
import { experiment, launch, ROOT, stack } from './app'

/** Says what memory a long run takes. */
export async function memory(): Promise<void> {
  const most = Number(argument('--frames') ?? 30_000)
  const w = await launch(ROOT, experiment('memory', stack(29, 8), most, 8))
  await w.page.getByTestId('train').click()
  const use = async (): Promise<{ page: number; main: number; trainer: number }> =>
    w.app.evaluate(({ app }) => {
      const by = (type: string): number =>
        app
          .getAppMetrics()
          .filter((m) => m.type === type)
          .reduce((s, m) => s + m.memory.workingSetSize, 0) / 1024
      return { page: by('Tab'), main: by('Browser'), trainer: by('Utility') }
    })
  const seen: string[] = []
  for (const frames of [...new Set([1000, 5000, 10_000, 20_000, 30_000, most / 2, most].filter((n) => n <= most))].sort(
    (a, b) => a - b
  )) {
    await w.page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>('[data-testid="heatmap"]')?.dataset['frames']) >= n,
      frames,
      { timeout: 3_600_000 }
    )
    const m = await use()
    seen.push(`${frames}: ${m.page.toFixed(0)} + ${m.main.toFixed(0)} + ${m.trainer.toFixed(0)}`)
  }
  console.log(
    `memory     MB of page + main + trainers, 30 layers, all statistics, by frames kept:\n           ${seen.join('\n           ')}`
  )
  await w.close()
}
