import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** The name of the selected layer, while it can be typed over: commands reach it here. */
export const useLayerName = defineStore('layerName', () => ({ field: shallowRef<HTMLInputElement | null>(null) }))
