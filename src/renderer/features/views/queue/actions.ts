import type { Actions, Command } from '@/commands/command'
import { useRuns } from '@/stores/runs'
import { useQueue } from './state'

/** Every run by name, and how many train at once. */
const actions: Actions = () => {
  const runs = useRuns()
  const queue = useQueue()
  return () => [
    ...Array.from({ length: queue.cores }, (_, i): Command => ({
      id: `runs-at-once-${i + 1}`,
      group: 'run',
      icon: 'layout',
      rare: true,
      words: 'queue parallel slots 队列 并行',
      name: { en: `Runs at once: ${i + 1}`, zh: `同时运行：${i + 1}` },
      on: () => queue.slots === i + 1,
      run: () => queue.setAtOnce(i + 1)
    })),
    ...queue.waiting.flatMap((r, i): Command[] => [
      {
        id: `sooner-${r.id}`,
        group: 'run',
        icon: 'up',
        rare: true,
        words: 'queue order 队列 顺序',
        name: { en: `Start sooner: “${r.name}”`, zh: `提前：“${r.name}”` },
        enabled: () => i > 0,
        run: () => runs.move(r.id, -1)
      },
      {
        id: `later-${r.id}`,
        group: 'run',
        icon: 'down',
        rare: true,
        words: 'queue order 队列 顺序',
        name: { en: `Start later: “${r.name}”`, zh: `推后：“${r.name}”` },
        enabled: () => i < queue.waiting.length - 1,
        run: () => runs.move(r.id, 1)
      }
    ]),
    ...runs.runs.flatMap((r): Command[] => [
      {
        id: `rename-${r.id}`,
        group: 'run',
        icon: 'pencil',
        rare: true,
        name: { en: `Rename the run “${r.name}” …`, zh: `重命名运行“${r.name}”…` },
        run: () => queue.rename(r.id)
      },
      {
        id: `remove-${r.id}`,
        group: 'run',
        icon: 'trash',
        rare: true,
        name: { en: `Remove the run “${r.name}” …`, zh: `移除运行“${r.name}”…` },
        run: () => queue.remove(r)
      }
    ])
  ]
}
export default actions
