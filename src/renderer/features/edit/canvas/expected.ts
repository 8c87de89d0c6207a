import { defineStore } from 'pinia'
import { computed } from 'vue'
import { predictGains } from '@shared/theory'
import { useProject } from '@/stores/project'

/** What theory expects of each layer at initialisation, live with every edit. */
export const useExpected = defineStore('expected', () => {
  const project = useProject()
  /**
   * By node path: what a gradient's RMS is multiplied by on its way back through the layer; of copies, the geometric
   * mean over those that theory reaches.
   */
  const gains = computed(() => {
    const logs = new Map<string, number[]>()
    const plan = project.previewed?.plan ?? project.plan
    const settings = (project.previewed?.experiment ?? project.effective).training
    predictGains(plan, { batchSize: settings.batchSize }).forEach((p, i) => {
      const { node } = plan.layers[i]!
      if (p.through !== undefined) logs.set(node, [...(logs.get(node) ?? []), Math.log(p.through)])
    })
    return new Map([...logs].map(([node, all]) => [node, Math.exp(all.reduce((a, b) => a + b, 0) / all.length)]))
  })
  return { gains }
})
