export { experimentJsonSchema as experimentSchema } from '../shared/experiment/json-schema'
