import { formatYuanShort } from '@shared/money'
import { App } from 'antd'
import { sentenceOf } from '../api'
import { useWrite } from '../queries'
import { heldCount, mostInAll, type TemplateRow } from './states'

type To = 'published' | 'paused' | 'ended'

/** What a change of state does, in sentences, before it is done. */
export function consequences(
  template: TemplateRow,
  to: To,
): { title: string; lines: string[]; ok: string; danger: boolean } {
  const name = `“${template.name}”`
  const held = heldCount(template).toLocaleString('zh-CN')
  const left = template.stockLeft.toLocaleString('zh-CN')
  if (to === 'published' && template.state === 'paused')
    return {
      title: `恢复发放${name}？`,
      lines: [template.issue.claimable ? '会员马上又能在领券中心领到。' : '店里马上又能发放。', `还剩 ${left} 张。`],
      ok: '恢复发放',
      danger: false,
    }
  if (to === 'published') {
    const most = mostInAll(template.rule, template.issue)
    return {
      title: `发布${name}？`,
      lines: [
        template.issue.claimable ? '会员马上能在领券中心看到并领取。' : '不放进领券中心，只由店里发放。',
        '面额、门槛、有效期、可用时间发布后不能再改，适用范围和库存可以调整。',
        `最多发 ${template.issue.stock.toLocaleString('zh-CN')} 张${most === null ? '' : `，合计最多优惠 ${formatYuanShort(most)}`}。`,
      ],
      ok: '发布',
      danger: false,
    }
  }
  if (to === 'paused')
    return {
      title: `暂停发放${name}？`,
      lines: ['马上停止领取和发放，随时可以恢复。', `已经在会员手里的 ${held} 张不受影响，照常可用。`],
      ok: '暂停发放',
      danger: false,
    }
  return {
    title: `结束${name}？`,
    lines: ['结束后不能再恢复，剩下的库存作废。', `已经在会员手里的 ${held} 张不受影响，到期前照常可用。`],
    ok: '结束发放',
    danger: true,
  }
}

/** Publishes, pauses, resumes or ends a coupon after saying what will happen. `onDone` gets the template as it then stands. */
export function useTemplateState(onDone?: (template: TemplateRow) => void) {
  const { modal, message } = App.useApp()
  const change = useWrite('POST /admin/coupon-templates/:templateId/state', [
    'GET /admin/coupon-templates',
    'GET /admin/coupon-templates/:templateId',
    'GET /admin/overview',
  ])
  return (template: TemplateRow, to: To) => {
    const { title, lines, ok, danger } = consequences(template, to)
    return modal.confirm({
      title,
      width: 460,
      content: (
        <ul className='consequences'>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ),
      okText: ok,
      okButtonProps: { danger },
      onOk: () =>
        change
          .mutateAsync({ templateId: template.id, version: template.version, to })
          .then((changed) => {
            void message.success(
              `${template.name}：${{ published: '正在发放', paused: '已暂停', ended: '已结束' }[to]}`,
            )
            onDone?.(changed)
          })
          .catch((error: unknown) => void message.error(sentenceOf(error))),
    })
  }
}
