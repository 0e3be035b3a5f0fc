import { CohortFigure } from '../dashboards/CohortFigure'
import { RfmFigure } from '../dashboards/RfmFigure'

/** Who buys how often, and who comes back. */
export default function Lifecycle() {
  return (
    <div className='split even'>
      <RfmFigure />
      <CohortFigure months={7} />
    </div>
  )
}
