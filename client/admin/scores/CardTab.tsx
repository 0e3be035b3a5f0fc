import type { Output } from '@shared/contract'
import { Drawer } from 'antd'
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useMemo } from 'react'
import { chartColours } from '../components/chart-theme'
import { LoadFailed, Notice } from '../components/Fallbacks'
import Plot from '../components/Plot'
import { useUrlState } from '../components/useUrlState'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { type Row, useRead } from '../queries'
import { useTheme } from '../theme/ThemeProvider'

use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer])

type Card = Row<'GET /admin/model-cards'>
type Detail = Output<'GET /admin/model-cards/:cardId'>
const tones: Record<Card['used'], string> = { model: 'brand', baseline: 'warn', too_little: '' }
const shown = (value: number | null): string =>
  value === null ? '—' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3)

/** Figures of a model beside those of the naive baseline. */
function Figures({ figures, explained }: { figures: Card['figures']; explained?: boolean }) {
  return (
    <table className='card-figures'>
      <thead>
        <tr>
          <th scope='col'>指标</th>
          <th scope='col'>模型</th>
          <th scope='col'>不用模型</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((f) => {
          const wins =
            f.value !== null &&
            f.baseline !== null &&
            f.better !== 'none' &&
            (f.better === 'higher' ? f.value > f.baseline : f.value < f.baseline)
          return (
            <tr key={f.name} title={f.explanation}>
              <th scope='row'>
                {f.name}
                {explained ? <Definition of={f.name} text={f.explanation} /> : null}
              </th>
              <td className={`num ${wins ? 'cb m' : ''}`}>{shown(f.value)}</td>
              <td className='num i3'>{shown(f.baseline)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function useOptions(detail: Detail | undefined) {
  const { mode } = useTheme()
  return useMemo(() => {
    const c = chartColours()
    const axis = (name: string) => ({
      name,
      nameTextStyle: { color: c.ink3, fontSize: 12 },
      axisLine: { lineStyle: { color: c.rule } },
      axisLabel: { color: c.ink3, fontSize: 12 },
      splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
    })
    const percent = (v: number) => `${Math.round(v * 100)}%`
    const base = { look: mode, animationDuration: 300, textStyle: { fontFamily: c.font } }
    const most = Math.max(1, ...(detail?.calibration ?? []).map((p) => p.count))
    const share = (axisName: string) => ({
      ...axis(axisName),
      type: 'value',
      min: 0,
      max: 1,
      axisLabel: { color: c.ink3, formatter: percent },
    })
    return {
      calibration: {
        ...base,
        grid: { left: 8, right: 24, top: 32, bottom: 8, outerBoundsMode: 'same' },
        xAxis: share('预测'),
        yAxis: share('实际'),
        series: [
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            data: [
              [0, 0],
              [1, 1],
            ],
            lineStyle: { color: c.mean, type: [4, 4], width: 1.5 },
          },
          {
            type: 'scatter',
            silent: true,
            itemStyle: { color: c.line, opacity: 0.85 },
            symbolSize: (point: number[]) => 8 + 18 * Math.sqrt((point[2] ?? 0) / most),
            data: (detail?.calibration ?? []).map((p) => [p.predicted, p.observed, p.count]),
          },
        ],
      },
      lift: {
        ...base,
        grid: { left: 8, right: 16, top: 32, bottom: 8, outerBoundsMode: 'same' },
        xAxis: { ...axis(''), type: 'category', data: (detail?.lift ?? []).map((l) => `${l.decile}`) },
        yAxis: { ...axis('是平均的几倍'), type: 'value' },
        series: [
          {
            type: 'bar',
            silent: true,
            barMaxWidth: 26,
            itemStyle: { color: c.line, borderRadius: [4, 4, 0, 0] },
            data: (detail?.lift ?? []).map((l) => l.lift),
          },
        ],
      },
    }
  }, [detail, mode])
}

function CardDrawer({ cardId, close, open }: { cardId: string; close: () => void; open: (id: string) => void }) {
  const query = useRead('GET /admin/model-cards/:cardId', { cardId })
  const { data } = query
  const options = useOptions(data)
  return (
    <Drawer open onClose={close} size={760} title={data?.name ?? '模型卡'}>
      {query.isError && !data ? <LoadFailed error={query.error} retry={() => void query.refetch()} /> : null}
      {data ? (
        <div className='card-detail'>
          <p>
            <span className={`tag ${tones[data.used]}`}>{data.usedText}</span> {data.verdict}
          </p>
          <p className='t12 i2'>
            {data.question} {data.how}
          </p>
          <Figures figures={data.figures} explained />
          {data.calibration.length ? (
            <>
              <h3>
                说 30% 的时候，是不是真有 30%
                <Definition
                  of='校准'
                  text='把会员按预测的可能性分堆，看每一堆里真正发生的比例。点落在虚线上，说多少就是多少；在虚线上方是说低了，下方是说高了。点越大，人越多'
                />
                <ExportMenu
                  name={`${data.name}校准`}
                  sheet={() => ({
                    head: ['预测', '实际', '会员'],
                    rows: data.calibration.map((p) => [p.predicted, p.observed, p.count]),
                  })}
                />
              </h3>
              <Plot
                option={options.calibration}
                height={280}
                label={`校准：${data.calibration.map((p) => `预测 ${(p.predicted * 100).toFixed(0)}% 实际 ${(p.observed * 100).toFixed(0)}%`).join('，')}`}
              />
            </>
          ) : null}
          {data.lift.length ? (
            <>
              <h3>
                按分数分成十档，每档是平均的几倍
                <Definition
                  of='十档提升'
                  text='把会员按分数从高到低分成人数相同的十档，看每档真正发生的比例是平均的几倍。第 1 档越高、越往后越低，说明分数排得对'
                />
                <ExportMenu
                  name={`${data.name}分十档`}
                  sheet={() => ({
                    head: ['档', '发生率', '倍数', '累计覆盖'],
                    rows: data.lift.map((l) => [l.decile, l.rate, l.lift, l.capture]),
                  })}
                />
              </h3>
              <Plot
                option={options.lift}
                height={240}
                label={`十档提升：${data.lift.map((l) => `第 ${l.decile} 档 ${l.lift.toFixed(2)} 倍`).join('，')}`}
              />
            </>
          ) : null}
          <h3>怎么测的</h3>
          <p className='t12 i2'>{data.protocol}</p>
          <h3>说不准的地方</h3>
          <ul className='t12 i2'>
            {data.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
          <h3>历次回测</h3>
          <ul className='card-history'>
            {data.history.map((one) => (
              <li key={one.id}>
                <button type='button' className='row between' onClick={() => open(one.id)} disabled={one.id === cardId}>
                  <span className='num'>{one.onDay}</span>
                  <span>{one.used}</span>
                  <span className='num'>{shown(one.main)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <div className='bone' style={{ height: 320 }} />
      )}
    </Drawer>
  )
}

/** Every model with its last back-test beside a naive baseline: one that does not win is not used. */
export default function CardTab() {
  const query = useRead('GET /admin/model-cards', {})
  const [url, setUrl] = useUrlState(['card'] as const)
  const { data } = query
  if (query.isError && !data) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  if (!data) return <div className='bone' style={{ height: 320 }} />
  return (
    <>
      <div className='row g1' style={{ margin: '4px 0 12px' }}>
        <span className='t12 i2'>
          每晚用更早的数据训练、用后来真发生的事检验。赢不了“不用模型”的，就不用。点一张卡看细节。
        </span>
        <span className='grow' />
        <ExportMenu
          name='模型准不准'
          sheet={() => ({
            head: ['模型', '截至', '在用', '指标', '模型的数', '不用模型的数', '说明'],
            rows: data.items.flatMap((card) =>
              card.figures.map((f) => [
                card.name,
                card.onDay,
                card.usedText,
                f.name,
                f.value,
                f.baseline,
                f.explanation,
              ]),
            ),
          })}
        />
      </div>
      {data.items.length === 0 ? (
        <Notice art='shelf' title='还没有回测'>
          数据够多之后，夜里会自动训练和检验。
        </Notice>
      ) : null}
      <div className='groups'>
        {data.items.map((card) => (
          <button key={card.id} type='button' className='panel group' onClick={() => setUrl({ card: card.id })}>
            <span className='row between'>
              <b>{card.name}</b>
              <span className={`tag ${tones[card.used]}`}>{card.usedText}</span>
            </span>
            <span className='t12 i2'>{card.question}</span>
            <Figures figures={card.figures.slice(0, 4)} />
            <span className='t12 i3'>
              {card.method}，{card.onDay}
            </span>
          </button>
        ))}
      </div>
      {url.card ? (
        <CardDrawer cardId={url.card} close={() => setUrl({ card: undefined })} open={(id) => setUrl({ card: id })} />
      ) : null}
    </>
  )
}
