/** Dragging a layer kind out of the palette, by HTML5 drag and drop. */
const TYPE = 'application/x-gradient-clinic-layer'

export function dragLayer(e: DragEvent, kind: string): void {
  e.dataTransfer!.setData(TYPE, kind)
  e.dataTransfer!.setData('text/plain', kind)
  e.dataTransfer!.effectAllowed = 'copy'
}
export const acceptsLayer = (e: DragEvent): boolean => !!e.dataTransfer?.types.includes(TYPE)
export const layerDragged = (e: DragEvent): string => e.dataTransfer?.getData(TYPE) ?? ''
