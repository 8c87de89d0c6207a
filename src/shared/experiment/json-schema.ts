import { activations } from '../catalog/activations'
import { datasets } from '../catalog/datasets'
import { initializers } from '../catalog/initializers'
import { layers } from '../catalog/layers'
import { losses } from '../catalog/losses'
import { optimizers } from '../catalog/optimizers'
import { fieldsToJsonSchema, type Fields } from '../base/params'
import type { Entry, Registry } from '../base/registry'
import { remedies } from './remedies'
import { schedules } from '../catalog/schedules'
import { settingsFields } from './parse'
import { EXPERIMENT_VERSION } from './types'

type Json = Record<string, unknown>
const registries: Registry<Entry>[] = [activations, initializers, optimizers, losses, schedules, datasets, remedies]

/** A choice: the id alone, or an object with the id and parameters. */
const choice = (r: Registry<Entry>): Json => ({
  title: r.name,
  anyOf: [
    { enum: r.ids() },
    ...r.all.map((e) => {
      const s = fieldsToJsonSchema(e.fields) as { properties: Json }
      return {
        ...s,
        title: e.name.en,
        description: e.doc.en,
        properties: { id: { const: e.id }, ...s.properties },
        required: ['id']
      }
    })
  ]
})
const id = { type: 'string', pattern: '^[A-Za-z][\\w-]*$' }
const inputs = {
  type: 'array',
  items: { type: 'string' },
  description: 'Ids of the layers it reads; default: the one before it.'
}
const place = { file: { type: 'string' }, line: { type: 'integer', minimum: 1 }, text: { type: 'string' } }
const lineOf = (description: string, more: Json = {}): Json => ({
  type: 'object',
  description,
  properties: { ...place, ...more },
  required: Object.keys(place),
  additionalProperties: false
})
const code = lineOf('Where the person’s own code makes the layer, in a model of another program.', {
  activation: lineOf('The same of its activation.')
})
const of = (fields: Fields): Json => (fieldsToJsonSchema(fields) as { properties: Json }).properties

/** JSON Schema (draft 2020-12) of an experiment, made from the registries. */
export function experimentJsonSchema(): Json {
  const {
    seed,
    validation,
    standardize,
    examples,
    steps,
    batchSize,
    classWeights,
    every,
    evaluateEvery,
    keepEvery,
    times
  } = of(settingsFields) as Record<string, Json>
  const object = (properties: Json, required: string[] = []): Json => ({
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length && { required })
  })
  const name = { type: 'string', maxLength: 200 }
  const list = (ref: string): Json => ({ type: 'array', items: { $ref: `#/$defs/${ref}` } })
  const { default: _, ...standardise } = standardize!
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Gradient Clinic experiment',
    ...object(
      {
        // Editors look there for what checks a document.
        $schema: { type: 'string' },
        format: { const: 'gradient-clinic/experiment' },
        version: { const: EXPERIMENT_VERSION },
        name,
        seed,
        data: object({
          dataset: { $ref: '#/$defs/datasets' },
          validation,
          standardize: { ...standardise, description: 'Default: whether the data set is a table.' },
          examples
        }),
        network: object(
          {
            nodes: { $ref: '#/$defs/nodes' },
            layout: {
              type: 'object',
              additionalProperties: object({ x: { type: 'number' }, y: { type: 'number' } }, ['x', 'y'])
            }
          },
          ['nodes']
        ),
        training: object({
          steps,
          batchSize,
          loss: { $ref: '#/$defs/losses' },
          optimizer: { $ref: '#/$defs/optimizers' },
          schedule: { $ref: '#/$defs/schedules' },
          hooks: list('remedies'),
          classWeights
        }),
        record: object({ every, evaluateEvery, keepEvery }),
        remedies: list('remedies'),
        weights: { ...name, description: 'A safetensors file of weights that the run starts from.' },
        entries: {
          type: 'object',
          additionalProperties: { type: 'integer', minimum: 1 },
          description:
            'Versions of registry entries, by registry/id, that the document was written with. With "format", those not listed are of version 1; without it, all are current.'
        }
      },
      ['network']
    ),
    $defs: {
      ...Object.fromEntries(registries.map((r) => [r.name, choice(r)])),
      nodes: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            ...layers.all.map((l) => ({
              title: l.name.en,
              description: l.doc.en,
              ...object({ id, kind: { const: l.id }, name, inputs, code, params: fieldsToJsonSchema(l.fields) }, [
                'id',
                'kind'
              ])
            })),
            {
              title: 'Repeat',
              description: 'A block of layers, repeated in a row.',
              ...object({ id, kind: { const: 'repeat' }, name, inputs, times, body: { $ref: '#/$defs/nodes' } }, [
                'id',
                'kind',
                'body'
              ])
            }
          ]
        }
      }
    }
  }
}
