import { IMPORTED_STEPS, importModel, type Imported, type ImportOptions } from './importer'
import { importKeras } from './keras'
import { openKeras } from './keras/file'
import { isSafetensors, readTorch } from './torch'

/**
 * Takes over a model out of its file: of Keras, or what `gradient_clinic.export` wrote. Nothing in it is executed.
 * @throws InputError for a file of another kind, a damaged or hostile one; naming each layer that can't be taken over
 */
export const openModel = async (bytes: Uint8Array, options: ImportOptions = {}): Promise<Imported> =>
  isSafetensors(bytes)
    ? importModel(readTorch(bytes, IMPORTED_STEPS), options)
    : openKeras(bytes, (model) => importKeras(model, options))
