import { Alert } from 'antd'
import { isFailure, sentenceOf } from '../api'

/** What the server refused, in the form it refused. */
export function FormProblem({ error }: { error: unknown }) {
  if (!error) return null
  const note = isFailure(error) && error.status >= 500 && error.requestId ? `编号 ${error.requestId}` : undefined
  return (
    <Alert
      type='error'
      showIcon
      title={sentenceOf(error)}
      description={note}
      style={{ marginBottom: 12 }}
      role='alert'
    />
  )
}
