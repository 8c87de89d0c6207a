/** The Python of the tests of the recorder. */
import { delimiter } from 'node:path'
import { testPython } from '../../scripts/setup/paths.mjs'

/**
 * What Python is started with: real PyTorch and Keras.
 *
 * The networks are small, and files run side by side. Threads of OpenMP that wait would by default compute meanwhile,
 * which takes the cores from other tests. Sleeping changes no result: there are as many threads as before.
 * @param own folders of modules beside them
 */
export function python(...own: string[]): { executable: string; env: NodeJS.ProcessEnv } {
  const { executable, packages } = testPython()
  const env = {
    ...process.env,
    KERAS_BACKEND: 'torch',
    OMP_WAIT_POLICY: 'passive',
    PYTHONPATH: [...own, ...packages].join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1'
  }
  return { executable, env }
}
