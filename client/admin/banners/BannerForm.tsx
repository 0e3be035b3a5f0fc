import type { Input as InputOf, Output } from '@shared/contract'
import { DAY_MS } from '@shared/time'
import { App, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { LoadFailed } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { PictureUpload } from '../components/PictureUpload'
import { MomentRangePicker } from '../coupons/fieldKit'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { BannerPreview } from './BannerPreview'
import { bannerArt, bannerLinks, bannerNow } from './words'
import './banners.css'

type Shown = Output<'GET /admin/banners/:bannerId'>
type Draft = InputOf<'POST /admin/banners'>
interface Fields {
  title: string
  text: string
  link: string
  segmentId?: string
  period: [number, number]
  priority: number
}
const touches = ['GET /admin/banners', 'GET /admin/banners/:bannerId'] as const
/** A new banner stands for two weeks unless somebody says otherwise. */
const usualDays = 14

const fieldsOf = (banner: Shown | null): Fields => {
  if (!banner) {
    const now = Date.now()
    return { title: '', text: '', link: '', period: [now, now + usualDays * DAY_MS], priority: 5 }
  }
  const { title, text, link, segmentId, startsAt, endsAt, priority } = banner
  return { title, text, link, segmentId: segmentId ?? undefined, period: [startsAt, endsAt], priority }
}

function Picture({
  value,
  onChange,
  disabled,
}: {
  value: string
  onChange: (picture: string) => void
  disabled: boolean
}) {
  return (
    <div className='banner-art'>
      {Object.entries(bannerArt).map(([name, address]) => (
        <button
          key={name}
          type='button'
          className={`drawing ${value === `art:${name}` ? 'on' : ''}`}
          aria-pressed={value === `art:${name}`}
          aria-label={`插画 ${name}`}
          disabled={disabled}
          onClick={() => onChange(`art:${name}`)}
        >
          <img src={address} alt='' />
        </button>
      ))}
      <PictureUpload onUploaded={onChange} disabled={disabled} />
      <span className='t12 i3'>建议 1074 × 384，主体放右边，文字压在左边</span>
    </div>
  )
}

/** Who saw and tapped it, in all and day by day. */
function Figures({ banner }: { banner: Shown }) {
  const { figures, daily } = banner
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>效果</h2>
        <span className='t12 i3'>每人每天各记一次</span>
      </div>
      <div className='banner-side'>
        <div className='i2'>
          <b className='num'>{figures.reached}</b> 人看到，<b className='num'>{figures.tapped}</b> 人点开
          {figures.reached ? `，点开率 ${((figures.tapped / figures.reached) * 100).toFixed(1)}%` : ''}
        </div>
        {daily.length ? (
          <table className='banner-days'>
            <thead>
              <tr>
                <th>日期</th>
                <th>看到</th>
                <th>点开</th>
              </tr>
            </thead>
            <tbody>
              {daily.slice(-14).map((day) => (
                <tr key={day.on}>
                  <td className='num'>{day.on}</td>
                  <td className='num'>{day.exposures}</td>
                  <td className='num'>{day.taps}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <p className='i3'>还没有人看到。</p>
        )}
      </div>
    </section>
  )
}

function Editor({ banner }: { banner: Shown | null }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [form] = Form.useForm<Fields>()
  const [fields, setFields] = useState(() => fieldsOf(banner))
  const [picture, setPicture] = useState(banner?.picture ?? 'art:lanterns')
  const segments = useRead('GET /admin/segments', { limit: 100 }, { enabled: can('segment:read') })
  const create = useWrite('POST /admin/banners', touches)
  const change = useWrite('PUT /admin/banners/:bannerId', touches)
  const move = useWrite('POST /admin/banners/:bannerId/state', touches)
  const drop = useWrite('DELETE /admin/banners/:bannerId', touches.slice(0, 1))
  const ended = banner?.state === 'ended'
  const locked = ended || !can('journey:write')
  const save = async () => {
    const { period, segmentId, title, text, ...rest } = await form.validateFields()
    const draft: Draft = {
      ...rest,
      title: title.trim(),
      text: text.trim(),
      segmentId: segmentId ?? null,
      picture,
      startsAt: period[0],
      endsAt: period[1],
    }
    return banner
      ? change.mutateAsync({ bannerId: banner.id, version: banner.version, ...draft })
      : create.mutateAsync(draft)
  }
  // What the server refuses stands in the form; what a field lacks stands at the field.
  const keep = () =>
    save().then(
      (saved) => {
        void message.success('已保存')
        void navigate(`/banners/${saved.id}`, { replace: true })
      },
      () => undefined,
    )
  const publish = () =>
    save().then(
      (saved) =>
        void modal.confirm({
          title: `上线“${saved.title}”？`,
          content: `${saved.segmentId ? '所选人群里允许个性化推荐的会员' : '所有会员和访客'}会在首页看到，上线后还能改文字、图片和时间。`,
          okText: '上线',
          onOk: () =>
            move
              .mutateAsync({ bannerId: saved.id, version: saved.version, to: 'published' })
              .then(() => void message.success('已上线'))
              .catch(() => undefined)
              .finally(() => void navigate(`/banners/${saved.id}`, { replace: true })),
          onCancel: () => void navigate(`/banners/${saved.id}`, { replace: true }),
        }),
      () => undefined,
    )
  const end = (shown: Shown) =>
    void modal.confirm({
      title: '结束这条横幅？',
      content: '会员马上看不到它，结束后不能再上线。',
      okText: '结束',
      okButtonProps: { danger: true },
      onOk: () => move.mutateAsync({ bannerId: shown.id, version: shown.version, to: 'ended' }).catch(() => undefined),
    })
  const remove = (shown: Shown) =>
    void modal.confirm({
      title: '删除这个草稿？',
      content: '删除后不能恢复。',
      okButtonProps: { danger: true },
      onOk: () =>
        drop
          .mutateAsync({ bannerId: shown.id })
          .then(() => void navigate('/banners'))
          .catch(() => undefined),
    })
  const state = bannerNow[banner?.now ?? 'draft']
  const busy = create.isPending || change.isPending || move.isPending
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{fields.title || '新建横幅'}</h1>
        <span className={`tag ${state.look}`}>{state.name}</span>
        <div className='actions'>
          {banner?.state === 'draft' && !locked ? <Button onClick={() => remove(banner)}>删除</Button> : null}
          {banner?.state === 'published' && can('journey:publish') ? (
            <Button danger onClick={() => end(banner)}>
              结束
            </Button>
          ) : null}
          {locked ? null : (
            <Button loading={busy} onClick={() => void keep()}>
              {banner?.state === 'published' ? '保存修改' : '存草稿'}
            </Button>
          )}
          {banner?.state !== 'published' && !locked && can('journey:publish') ? (
            <Button type='primary' loading={busy} onClick={() => void publish()}>
              上线
            </Button>
          ) : null}
        </div>
      </div>
      <FormProblem error={create.error ?? change.error ?? move.error ?? drop.error} />
      <div className='banner-build'>
        <section className='panel'>
          <Form<Fields>
            form={form}
            layout='vertical'
            disabled={locked}
            initialValues={fields}
            onValuesChange={(changed: Partial<Fields>) => setFields({ ...fields, ...changed })}
          >
            <Form.Item name='title' label='标题' rules={[{ required: true, whitespace: true, message: '请写标题' }]}>
              <Input maxLength={16} showCount placeholder='例如：冬日茶会' />
            </Form.Item>
            <Form.Item name='text' label='一句话'>
              <Input maxLength={30} showCount placeholder='例如：周末到店，热茶一杯' />
            </Form.Item>
            <Form.Item label='图片'>
              <Picture value={picture} onChange={setPicture} disabled={locked} />
            </Form.Item>
            <Form.Item name='link' label='点开去哪里'>
              <Select options={[...bannerLinks]} />
            </Form.Item>
            <Form.Item name='segmentId' label='给谁看' extra='选了人群，只有里面允许个性化推荐的会员看到；访客看不到'>
              <Select
                allowClear
                placeholder='所有人'
                options={segments.data?.items.map((s) => ({ value: s.id, label: s.name }))}
              />
            </Form.Item>
            <Form.Item
              name='period'
              label='展示时间'
              rules={[
                {
                  validator: (_, period?: [number | null, number | null] | null) =>
                    period?.[0] && period[1] ? Promise.resolve() : Promise.reject(new Error('请选开始和结束时间')),
                },
              ]}
            >
              <MomentRangePicker />
            </Form.Item>
            <Form.Item name='priority' label='优先级' extra='1 到 9，大的在前'>
              <InputNumber min={1} max={9} precision={0} />
            </Form.Item>
          </Form>
        </section>
        <div style={{ display: 'grid', gap: 12 }}>
          <section className='panel'>
            <div className='hd'>
              <h2>会员看到的样子</h2>
            </div>
            <div className='banner-side'>
              <BannerPreview title={fields.title} text={fields.text} picture={picture} link={fields.link} />
            </div>
          </section>
          {banner && banner.state !== 'draft' ? <Figures banner={banner} /> : null}
        </div>
      </div>
    </div>
  )
}

/** A new banner, or one that is there with what came of it. */
export default function BannerForm() {
  const { bannerId } = useParams()
  const query = useRead('GET /admin/banners/:bannerId', { bannerId: bannerId ?? '' }, { enabled: Boolean(bannerId) })
  if (!bannerId) return <Editor key='new' banner={null} />
  if (query.data) return <Editor key={`${bannerId}.${query.data.version}`} banner={query.data} />
  return (
    <div className='page'>
      {query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <section className='panel bone' style={{ height: 420 }} role='status' aria-label='正在读取横幅' />
      )}
    </div>
  )
}
