import { later } from '@/timing/later'

/** What draws is loaded when there is something to draw. */
export const PlainPlot = later(() => import('./PlainPlot.vue'))
export const HeatmapPlot = later(() => import('./HeatmapPlot.vue'))
