import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

const NONE: ReadonlySet<string> = new Set()

/** Which blocks are drawn closed, by experiment: how one looks at a network, no edit of it. */
export const useClosed = defineStore('closed', () => {
  const project = useProject()
  const ui = useUi()
  const all = shallowRef<ReadonlyMap<string, ReadonlySet<string>>>(new Map())
  /** Paths of the closed blocks of the experiment in view. */
  const paths = computed(() => all.value.get(project.experiment.name) ?? NONE)
  /** Closing a block in which something is selected selects the block. */
  function set(path: string, closed: boolean): void {
    const next = new Set(paths.value)
    if (closed) next.add(path)
    else next.delete(path)
    all.value = new Map(all.value).set(project.experiment.name, next)
    if (closed && ui.selection.some((p) => p.startsWith(path + '/'))) ui.select(path)
  }
  /** The outermost closed block that a node stands in, if any: what is drawn in its place. */
  const over = (path: string): string | undefined =>
    [...path].flatMap((c, i) => (c === '/' ? [path.slice(0, i)] : [])).find((p) => paths.value.has(p))
  return { paths, set, over }
})
