import type { Times } from '../rounds'
import { dense, experiment, held, intervals, launch, rate, ROOT, speed } from './app'

const line = (n: number): object[] => [
  ...Array.from({ length: n }, (_, i) => dense(`d${i}`, 16, 'relu', [i ? `d${i - 1}` : 'input'])),
  dense('out', 4, 'linear', [`d${n - 1}`])
]
/** Goal in pictures per second. */
const GOAL = 30
/** Counts the pictures while a network of 200 layers is moved. */
export async function canvas(): Promise<void> {
  const pan = async (n: number): Promise<Times> => {
    const w = await launch(ROOT, experiment(`canvas${n}`, line(n), 10, 16))
    await w.page.getByTestId('canvas').waitFor()
    await w.page.getByTestId(`node-d0`).waitFor()
    const box = (await w.page.getByTestId('canvas').boundingBox())!
    const measured = intervals(w.page, 3000)
    const [x, y] = [box.x + box.width / 2, box.y + box.height - 40]
    await w.page.mouse.move(x, y)
    await w.page.mouse.down()
    for (let i = 0; i < 60; i++) await w.page.mouse.move(x + 120 * Math.sin(i / 8), y - 60 * Math.abs(Math.sin(i / 5)))
    await w.page.mouse.up()
    const v = await measured
    await w.close()
    return v
  }
  const [small, large] = [await pan(5), await pan(200)]
  console.log(
    `canvas     panning 200 layers: ${rate(large)}${held('', speed(large), GOAL)} (goal ${GOAL}); 5 layers: ${rate(small)}`
  )
}
