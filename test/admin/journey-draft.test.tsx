import {
  blankDefinition,
  findGaps,
  insertNode,
  removeNode,
  setWay,
  targetsFor,
} from '../../client/admin/journeys/draft'
import { checkDefinition } from '../../shared/journey'

const start = { nodeId: null, field: 'start' }
const begun = () => {
  const first = insertNode(blankDefinition(), start, 'wait', undefined)
  const second = insertNode(first.definition, { nodeId: first.id, field: 'next' }, 'points', undefined)
  return { wait: first.id, points: second.id, definition: second.definition }
}

test('a node put on a way leads on to what stood there, and the journey may be published', () => {
  const { wait, points, definition } = begun()
  expect(definition.start).toBe(wait)
  const between = insertNode(definition, { nodeId: wait, field: 'next' }, 'condition', undefined)
  const condition = between.definition.nodes.find((node) => node.id === between.id)
  expect(condition).toMatchObject({ kind: 'condition', yes: points, no: null })
  expect(checkDefinition(between.definition)).toEqual([])
})

test('taking a node out joins its ends; what only its other way reached goes with it', () => {
  const { wait, points, definition } = begun()
  const fork = insertNode(definition, { nodeId: wait, field: 'next' }, 'condition', undefined)
  const no = insertNode(fork.definition, { nodeId: fork.id, field: 'no' }, 'growth', undefined)
  const rest = removeNode(no.definition, fork.id)
  expect(rest.nodes.map((node) => node.id).sort()).toEqual([wait, points].sort())
  expect(rest.nodes.find((node) => node.id === wait)).toMatchObject({ next: points })
})

test('a way is never offered back to where it came from, and an empty text is named at its node', () => {
  const { wait, points, definition } = begun()
  expect(targetsFor(definition, points)).toEqual([])
  expect(targetsFor(definition, wait).map((node) => node.id)).toEqual([points])
  expect(setWay(definition, start, points).start).toBe(points)
  const emptied = {
    ...definition,
    nodes: definition.nodes.map((node) => (node.kind === 'points' ? { ...node, note: ' ' } : node)),
  }
  expect(findGaps(emptied)).toEqual([{ path: `nodes.${points}.note`, nodeId: points, message: '请写积分的说明' }])
})
