import { defineStore } from 'pinia'
import { shallowRef, type ComputedRef } from 'vue'
import type { ExportForm, Saving } from '@/stores/saving'

export const PICTURES = ['network', 'heatmap', 'profile', 'curve', 'chain', 'ridgeline', 'lens', 'view'] as const
/** What can be exported; `view` is the whole run in one picture. */
export type Picture = (typeof PICTURES)[number]

export interface Exporter extends Omit<Saving, 'copy' | 'print'> {
  /** Is there something to see in it? */
  has(what: Picture): boolean
  /** Asks where to and writes, or copies; in the size and theme chosen for exports. */
  put(what: Picture, form: ExportForm): Promise<boolean>
  base: ComputedRef<string>
}
/** The exporter of the dock on screen: commands reach it here, without the charts that it draws. */
export const useExports = defineStore('exports', () => ({ at: shallowRef<Exporter>() }))
